package mailfrom.aws;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import mailfrom.app.fleet.FleetFilter;
import mailfrom.app.pace.Tasks;
import mailfrom.app.store.HistoryEntry;
import mailfrom.app.store.IdentityStore;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.name.DomainName;
import mailfrom.domain.name.IdentityKey;
import mailfrom.domain.name.IdentityName;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/**
 * The identities in the table. A Region's rows are spread over sixteen partition keys, so that no
 * key takes more writes than a key can; its queue and each identity's history have keys of their
 * own.
 */
public final class DynamoIdentityStore implements IdentityStore {
  private static final int SHARDS = 16;
  private static final int MAX_ROW_BYTES = 32 * 1024;
  private static final Duration HISTORY_KEPT = Duration.ofDays(400);
  private static final String SINCE = "since";

  /** Of a row of a known partition its key, and the id of its write. */
  private static final String HEAD = Table.SK + ", " + Table.WRITE_ID;

  private final Table table;
  private final FleetIndex index;
  private final SharedTransactions transactions;
  private final KnownRows known = new KnownRows();

  public DynamoIdentityStore(Table table) {
    this.table = table;
    this.transactions = new SharedTransactions(table);
    this.index = new FleetIndex(table);
  }

  private String partition(String region, int shard) {
    return "ID#%s#%s#%x".formatted(table.account(), region, shard);
  }

  private Map<String, AttributeValue> rowKey(IdentityKey key) {
    int shard = Math.floorMod(key.name().value().hashCode(), SHARDS);
    return table.key(partition(key.region(), shard), sortKey(key.name()));
  }

  /** Labels from the top, so that what is below a domain stands together. */
  private static String sortKey(IdentityName name) {
    String local = name.isAddress() ? name.value().substring(0, name.value().lastIndexOf('@')) : "";
    String labels = String.join(".", name.domain().labels().reversed());
    return name.isAddress() ? labels + "@" + local : labels;
  }

  private String queue(String region) {
    return "WORK#%s#%s".formatted(table.account(), region);
  }

  private static String historyOf(IdentityKey key) {
    return "HIST#%s#%s#%s".formatted(key.account(), key.region(), key.name());
  }

  @Override
  public Optional<IdentityState> find(IdentityKey key) {
    var answer =
        table
            .client()
            .getItem(r -> r.tableName(table.name()).key(rowKey(key)).consistentRead(true));
    return answer.hasItem() ? Optional.of(state(answer.item())) : Optional.empty();
  }

  @Override
  public List<IdentityState> findAll(Collection<IdentityKey> keys) {
    List<Supplier<List<IdentityState>>> parts =
        parts(keys.stream().map(this::rowKey).toList()).stream()
            .<Supplier<List<IdentityState>>>map(
                part -> () -> index.rows(part).stream().map(DynamoIdentityStore::state).toList())
            .toList();
    return Tasks.sideBySide(SHARDS, parts, Supplier::get).stream().flatMap(List::stream).toList();
  }

  /** Keys in such parts as one call takes. */
  private static List<List<Map<String, AttributeValue>>> parts(
      List<Map<String, AttributeValue>> keys) {
    List<List<Map<String, AttributeValue>>> parts = new ArrayList<>();
    for (int i = 0; i < keys.size(); i += FleetIndex.ROWS_A_CALL) {
      parts.add(keys.subList(i, Math.min(i + FleetIndex.ROWS_A_CALL, keys.size())));
    }
    return parts;
  }

  @Override
  public Places places(String region, FleetFilter filter, String from, int atLeast, int most) {
    return index.places(region, filter, from, atLeast, most);
  }

  @Override
  public Stream<Row> rows(String region) {
    Map<String, KnownRows.Known> before = known.of(region);
    ConcurrentMap<String, KnownRows.Known> now = new ConcurrentHashMap<>();
    return IntStream.range(0, SHARDS)
        .boxed()
        .map(shard -> partition(region, shard))
        .flatMap(
            partition ->
                before.isEmpty()
                    ? pages(partition, null).flatMap(page -> page.stream().map(this::known))
                    : pages(partition, HEAD).flatMap(page -> known(partition, page, before)))
        .map(
            row -> {
              now.put(row.sortKey(), row);
              return row.row();
            })
        .onClose(() -> known.keep(region, now));
  }

  /**
   * A partition, page by page.
   *
   * @param parts what is wanted of each row; null: all
   */
  private Stream<List<Map<String, AttributeValue>>> pages(
      String partition, @Nullable String parts) {
    return table
        .client()
        .queryPaginator(
            r ->
                r.tableName(table.name())
                    .keyConditionExpression("pk = :pk")
                    .expressionAttributeValues(Map.of(":pk", Table.text(partition)))
                    .projectionExpression(parts))
        .stream()
        .map(QueryResponse::items);
  }

  private KnownRows.Known known(Map<String, AttributeValue> item) {
    IdentityState state = state(item);
    return new KnownRows.Known(
        Table.text(item, Table.SK),
        Table.text(item, Table.WRITE_ID),
        new Row(state, index.isInPlace(item, state)));
  }

  /** The rows of these heads: what was written since is read. */
  private Stream<KnownRows.Known> known(
      String partition,
      List<Map<String, AttributeValue>> heads,
      Map<String, KnownRows.Known> before) {
    List<KnownRows.Known> same = new ArrayList<>();
    List<Map<String, AttributeValue>> changed = new ArrayList<>();
    for (Map<String, AttributeValue> head : heads) {
      KnownRows.Known row = before.get(Table.text(head, Table.SK));
      if (row != null && row.writeId().equals(Table.text(head, Table.WRITE_ID))) {
        same.add(row);
      } else {
        changed.add(table.key(partition, Table.text(head, Table.SK)));
      }
    }
    return Stream.concat(
        same.stream(),
        parts(changed).stream().flatMap(part -> index.rows(part).stream()).map(this::known));
  }

  @Override
  public List<IdentityState> atOrBelow(String region, DomainName domain) {
    String prefix = String.join(".", domain.labels().reversed());
    return index.rows(region, prefix).stream()
        .map(DynamoIdentityStore::state)
        .filter(
            state ->
                state.key().name().domain().equals(domain)
                    || state.key().name().domain().isBelow(domain))
        .toList();
  }

  private static IdentityState state(Map<String, AttributeValue> item) {
    return StateJson.read(Table.doc(item), IdentityState.class)
        .withRowVersion(Table.number(item, Table.VERSION));
  }

  @Override
  public Saved save(IdentityState state, List<HistoryEntry> history, @Nullable Instant queuedAt) {
    IdentityState next = state.withRowVersion(state.rowVersion() + 1);
    boolean isRowAlone = history.isEmpty() && queuedAt == null;
    String whole = StateJson.write(next);
    String doc = fits(whole) ? whole : withoutTexts(next);
    // A transaction may be tried under several ids: the last one is that of the row.
    AtomicReference<String> written = new AtomicReference<>(UUID.randomUUID().toString());
    boolean isStored =
        isRowAlone
            ? table.put(row(next, doc, written.get()), state.rowVersion())
            : transactions.write(
                1 + history.size() + (queuedAt == null ? 0 : 1),
                writeId -> {
                  written.set(writeId);
                  return parts(row(next, doc, writeId), state, history, queuedAt);
                });
    if (!isStored) {
      return new Saved.Conflict();
    }
    if (doc.equals(whole)) {
      known.add(
          next.key().region(),
          new KnownRows.Known(sortKey(next.key().name()), written.get(), new Row(next, true)));
    }
    return new Saved.Stored(next);
  }

  private Map<String, AttributeValue> row(IdentityState next, String doc, String writeId) {
    Map<String, AttributeValue> row =
        Table.row(rowKey(next.key()), doc, next.rowVersion(), writeId);
    row.putAll(index.attributes(next));
    return row;
  }

  private List<TransactWriteItem> parts(
      Map<String, AttributeValue> row,
      IdentityState before,
      List<HistoryEntry> history,
      @Nullable Instant queuedAt) {
    List<TransactWriteItem> parts = new ArrayList<>();
    parts.add(table.part(row, before.rowVersion()));
    for (int i = 0; i < history.size(); i++) {
      var entry = historyRow(before.key(), history.get(i), before.rowVersion() + 1, i);
      parts.add(table.part(entry, put -> put));
    }
    if (queuedAt != null) {
      Map<String, AttributeValue> work =
          new HashMap<>(table.key(queue(before.key().region()), before.key().name().value()));
      work.put(SINCE, Table.text(queuedAt.toString()));
      parts.add(table.part(work, put -> put));
    }
    return parts;
  }

  private static boolean fits(String doc) {
    return doc.getBytes(StandardCharsets.UTF_8).length <= MAX_ROW_BYTES;
  }

  /** What DNS said is the first to go when a row would be too long. */
  private static String withoutTexts(IdentityState state) {
    return StateJson.write(state.withDns(state.dnsState().withoutTexts()));
  }

  private Map<String, AttributeValue> historyRow(
      IdentityKey key, HistoryEntry entry, long rowVersion, int part) {
    Map<String, AttributeValue> row =
        new HashMap<>(
            table.key(
                historyOf(key),
                "%s#%s#%s"
                    .formatted(
                        Table.sortable(entry.at()), digits(rowVersion, 8), digits(part, 2))));
    row.put(Table.DOC, Table.text(StateJson.write(entry)));
    row.put(Table.SCHEMA, Table.number(Table.SCHEMA_NOW));
    row.put(Table.EXPIRES_AT, Table.number(entry.at().plus(HISTORY_KEPT).getEpochSecond()));
    return row;
  }

  /** With zeros in front. A format's own would load the number formats of all languages. */
  private static String digits(long number, int length) {
    String digits = Long.toString(number);
    return "0".repeat(Math.max(length - digits.length(), 0)) + digits;
  }

  @Override
  public Saved forget(IdentityState state) {
    return switch (Table.conditional(
        () ->
            table
                .client()
                .deleteItem(
                    r ->
                        r.tableName(table.name())
                            .key(rowKey(state.key()))
                            .conditionExpression("v = :v")
                            .expressionAttributeValues(
                                Map.of(":v", Table.number(state.rowVersion())))))) {
      case Table.Write.Done<?> done -> new Saved.Stored(state);
      case Table.Write.Refused<?> refused -> new Saved.Conflict();
    };
  }

  @Override
  public List<Queued> queued(String region) {
    return table
        .client()
        .queryPaginator(
            r ->
                r.tableName(table.name())
                    .consistentRead(true)
                    .keyConditionExpression("pk = :pk")
                    .expressionAttributeValues(Map.of(":pk", Table.text(queue(region)))))
        .items()
        .stream()
        .map(
            item ->
                new Queued(
                    new IdentityKey(
                        table.account(), region, new IdentityName(Table.text(item, Table.SK))),
                    Instant.parse(Table.text(item, SINCE))))
        .sorted(Comparator.comparing(Queued::since))
        .toList();
  }

  @Override
  public void unqueue(Queued item) {
    // Refused: it was queued again since, or is out of the queue already. Both are as they should
    // be.
    var _ =
        Table.conditional(
            () ->
                table
                    .client()
                    .deleteItem(
                        r ->
                            r.tableName(table.name())
                                .key(
                                    table.key(
                                        queue(item.key().region()), item.key().name().value()))
                                .conditionExpression("since = :since")
                                .expressionAttributeValues(
                                    Map.of(":since", Table.text(item.since().toString())))));
  }

  @Override
  public HistoryPage history(IdentityKey key, int limit, @Nullable String cursor, Instant now) {
    Map<String, AttributeValue> values = new HashMap<>();
    values.put(":pk", Table.text(historyOf(key)));
    values.put(":now", Table.number(now.getEpochSecond()));
    if (cursor != null) {
      values.put(":cursor", Table.text(cursor));
    }
    List<HistoryEntry> entries = new ArrayList<>();
    String next = null;
    var pages =
        table
            .client()
            .queryPaginator(
                r ->
                    r.tableName(table.name())
                        .scanIndexForward(false)
                        .keyConditionExpression(
                            cursor == null ? "pk = :pk" : "pk = :pk AND sk < :cursor")
                        // An expired row may stay for days: it is not shown.
                        .filterExpression("expiresAt > :now")
                        .expressionAttributeValues(values));
    String last = "";
    for (Map<String, AttributeValue> item : pages.items()) {
      if (entries.size() == limit) {
        next = last;
        break;
      }
      entries.add(StateJson.read(Table.doc(item), HistoryEntry.class));
      last = Table.text(item, Table.SK);
    }
    return new HistoryPage(entries, next);
  }
}
