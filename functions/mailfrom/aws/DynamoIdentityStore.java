package mailfrom.aws;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import mailfrom.app.store.HistoryEntry;
import mailfrom.app.store.IdentityStore;
import mailfrom.domain.desired.DesiredState;
import mailfrom.domain.dns.DnsState;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.name.DomainName;
import mailfrom.domain.name.IdentityKey;
import mailfrom.domain.name.IdentityName;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

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

  private final Table table;

  public DynamoIdentityStore(Table table) {
    this.table = table;
  }

  private String partition(String region, int shard) {
    return "ID#%s#%s#%x".formatted(table.account(), region, shard);
  }

  private Map<String, AttributeValue> rowKey(IdentityKey key) {
    int shard = Math.floorMod(key.name().value().hashCode(), SHARDS);
    return table.key(partition(key.region(), shard), reversed(key.name()));
  }

  /** The sort key: labels from the top, so that what is below a domain stands together. */
  private static String reversed(IdentityName name) {
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
  public Stream<IdentityState> ofRegion(String region) {
    return IntStream.range(0, SHARDS)
        .boxed()
        .flatMap(
            shard ->
                table
                    .client()
                    .queryPaginator(
                        r ->
                            r.tableName(table.name())
                                .keyConditionExpression("pk = :pk")
                                .expressionAttributeValues(
                                    Map.of(":pk", Table.text(partition(region, shard)))))
                    .items()
                    .stream())
        .map(DynamoIdentityStore::state);
  }

  @Override
  public List<IdentityState> atOrBelow(String region, DomainName domain) {
    String prefix = String.join(".", domain.labels().reversed());
    try (var shards = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<List<IdentityState>>> found =
          IntStream.range(0, SHARDS)
              .mapToObj(shard -> shards.submit(() -> atOrBelow(partition(region, shard), prefix)))
              .toList();
      return found.stream()
          .map(Table::result)
          .flatMap(List::stream)
          .filter(
              state ->
                  state.key().name().domain().equals(domain)
                      || state.key().name().domain().isBelow(domain))
          .toList();
    }
  }

  private List<IdentityState> atOrBelow(String partition, String prefix) {
    return table
        .client()
        .queryPaginator(
            r ->
                r.tableName(table.name())
                    .keyConditionExpression("pk = :pk AND begins_with(sk, :prefix)")
                    .expressionAttributeValues(
                        Map.of(":pk", Table.text(partition), ":prefix", Table.text(prefix))))
        .items()
        .stream()
        .map(DynamoIdentityStore::state)
        .toList();
  }

  private static IdentityState state(Map<String, AttributeValue> item) {
    return StateJson.read(Table.doc(item), IdentityState.class)
        .withRowVersion(Table.number(item, Table.VERSION));
  }

  @Override
  public Saved save(IdentityState state, List<HistoryEntry> history, @Nullable Instant queuedAt) {
    IdentityState next = state.withRowVersion(state.rowVersion() + 1);
    String writeId = UUID.randomUUID().toString();
    Map<String, AttributeValue> row = new HashMap<>(rowKey(state.key()));
    row.put(Table.DOC, Table.text(doc(next)));
    row.put(Table.VERSION, Table.number(next.rowVersion()));
    row.put(Table.SCHEMA, Table.number(Table.SCHEMA_NOW));
    row.put(Table.WRITE_ID, Table.text(writeId));
    if (history.isEmpty() && queuedAt == null) {
      return saveRow(next, state.rowVersion(), row, writeId);
    }
    List<TransactWriteItem> writes = new ArrayList<>();
    writes.add(
        TransactWriteItem.builder()
            .put(
                put(row).toBuilder()
                    .conditionExpression(unchanged(state.rowVersion()))
                    .expressionAttributeValues(versionValue(state.rowVersion()))
                    .returnValuesOnConditionCheckFailure(
                        ReturnValuesOnConditionCheckFailure.ALL_OLD)
                    .build())
            .build());
    for (int i = 0; i < history.size(); i++) {
      writes.add(transacted(historyRow(state.key(), history.get(i), next.rowVersion(), i)));
    }
    if (queuedAt != null) {
      Map<String, AttributeValue> work =
          new HashMap<>(table.key(queue(state.key().region()), state.key().name().value()));
      work.put(SINCE, Table.text(queuedAt.toString()));
      writes.add(transacted(work));
    }
    try {
      table.client().transactWriteItems(r -> r.transactItems(writes).clientRequestToken(writeId));
      return new Saved.Stored(next);
    } catch (TransactionCanceledException e) {
      return Table.wasOurs(e, writeId) ? new Saved.Stored(next) : new Saved.Conflict();
    }
  }

  private Saved saveRow(
      IdentityState next, long before, Map<String, AttributeValue> row, String writeId) {
    try {
      table
          .client()
          .putItem(
              r ->
                  r.tableName(table.name())
                      .item(row)
                      .conditionExpression(unchanged(before))
                      .expressionAttributeValues(versionValue(before))
                      .returnValuesOnConditionCheckFailure(
                          ReturnValuesOnConditionCheckFailure.ALL_OLD));
      return new Saved.Stored(next);
    } catch (ConditionalCheckFailedException e) {
      return Table.isOurs(e.item(), writeId) ? new Saved.Stored(next) : new Saved.Conflict();
    }
  }

  private static String unchanged(long version) {
    return version == 0 ? "attribute_not_exists(pk)" : "v = :v";
  }

  private static @Nullable Map<String, AttributeValue> versionValue(long version) {
    return version == 0 ? null : Map.of(":v", Table.number(version));
  }

  private Put put(Map<String, AttributeValue> item) {
    return Put.builder().tableName(table.name()).item(item).build();
  }

  private TransactWriteItem transacted(Map<String, AttributeValue> item) {
    return TransactWriteItem.builder().put(put(item)).build();
  }

  /** The text of a row. What DNS said is the first to go when it would be too long. */
  private static String doc(IdentityState state) {
    String doc = StateJson.write(state);
    if (doc.getBytes(StandardCharsets.UTF_8).length <= MAX_ROW_BYTES) {
      return doc;
    }
    DnsState dns = state.dnsState();
    return StateJson.write(
        state.withDns(
            new DnsState(
                dns.name(),
                List.of(),
                List.of(),
                dns.mx(),
                dns.mxRightSince(),
                dns.spfBrokenSince(),
                null,
                null)));
  }

  private Map<String, AttributeValue> historyRow(
      IdentityKey key, HistoryEntry entry, long rowVersion, int part) {
    Map<String, AttributeValue> row =
        new HashMap<>(
            table.key(
                historyOf(key),
                "%s#%s#%s".formatted(entry.at(), digits(rowVersion, 8), digits(part, 2))));
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
    try {
      table
          .client()
          .deleteItem(
              r ->
                  r.tableName(table.name())
                      .key(rowKey(state.key()))
                      .conditionExpression("v = :v")
                      .expressionAttributeValues(versionValue(state.rowVersion())));
      return new Saved.Stored(state);
    } catch (ConditionalCheckFailedException e) {
      return new Saved.Conflict();
    }
  }

  @Override
  public @Nullable DesiredState wantedNow(IdentityKey key) {
    return find(key).map(IdentityState::desiredState).orElse(null);
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
    try {
      table
          .client()
          .deleteItem(
              r ->
                  r.tableName(table.name())
                      .key(table.key(queue(item.key().region()), item.key().name().value()))
                      .conditionExpression("since = :since")
                      .expressionAttributeValues(
                          Map.of(":since", Table.text(item.since().toString()))));
    } catch (ConditionalCheckFailedException e) {
      // It was queued again since, or is out of the queue already: both are as they should be.
    }
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
