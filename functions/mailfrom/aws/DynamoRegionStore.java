package mailfrom.aws;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import mailfrom.app.store.Receipts;
import mailfrom.app.store.RegionState;
import mailfrom.app.store.RegionStore;
import mailfrom.domain.identity.Silence;
import mailfrom.domain.name.DomainName;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;

/** The Regions in the table: one row each, beside their receipt rules. */
public final class DynamoRegionStore implements RegionStore {
  private static final Duration SILENCE_KEPT_AFTER_END = Duration.ofDays(30);
  private static final Duration RUN_KEPT = Duration.ofDays(14);

  private final Table table;

  public DynamoRegionStore(Table table) {
    this.table = table;
  }

  private Map<String, AttributeValue> key(String region) {
    return table.key("REGION#" + table.account(), region);
  }

  @Override
  public RegionState find(String region) {
    var answer =
        table
            .client()
            .getItem(r -> r.tableName(table.name()).key(key(region)).consistentRead(true));
    return answer.hasItem()
        ? StateJson.read(Table.doc(answer.item()), RegionState.class)
        : RegionState.unseen(region);
  }

  @Override
  public RegionState change(String region, UnaryOperator<RegionState> change) {
    Retry.Tries tries = table.retry().of("the Region " + region);
    while (true) {
      RegionState before = find(region);
      RegionState changed = change.apply(before);
      if (changed.equals(before)) {
        return before;
      }
      RegionState after = changed.withRowVersion(before.rowVersion() + 1);
      String writeId = UUID.randomUUID().toString();
      var row = Table.row(key(region), StateJson.write(after), after.rowVersion(), writeId);
      if (table.put(row, before.rowVersion())) {
        return after;
      }
      tries.again();
    }
  }

  @Override
  public void keepReceipts(String region, Receipts receipts) {
    new DynamoReceipts(table).keep(region, receipts);
  }

  @Override
  public Optional<Receipts> receipts(String region, DomainName domain) {
    return new DynamoReceipts(table).covering(region, domain);
  }

  private String runPartition(String region) {
    return "RUN#%s#%s".formatted(table.account(), region);
  }

  @Override
  public void keepRun(String region, RegionState.LastRun run) {
    Map<String, AttributeValue> row =
        document(
            table.key(runPartition(region), Table.sortable(run.at())),
            StateJson.write(run),
            run.at().plus(RUN_KEPT));
    table.client().putItem(r -> r.tableName(table.name()).item(row));
  }

  @Override
  public List<RegionState.LastRun> runs(String region, Instant from, Instant until) {
    return table
        .client()
        .queryPaginator(
            r ->
                r.tableName(table.name())
                    .keyConditionExpression("pk = :pk AND sk BETWEEN :from AND :until")
                    .expressionAttributeValues(
                        Map.of(
                            ":pk", Table.text(runPartition(region)),
                            ":from", Table.text(Table.sortable(from)),
                            ":until", Table.text(Table.sortable(until)))))
        .items()
        .stream()
        .map(item -> StateJson.read(Table.doc(item), RegionState.LastRun.class))
        .toList();
  }

  /** A row that nobody else writes, and that is forgotten in time. */
  private static Map<String, AttributeValue> document(
      Map<String, AttributeValue> key, String doc, Instant expiresAt) {
    Map<String, AttributeValue> row = new HashMap<>(key);
    row.put(Table.DOC, Table.text(doc));
    row.put(Table.SCHEMA, Table.number(Table.SCHEMA_NOW));
    row.put(Table.EXPIRES_AT, Table.number(expiresAt.getEpochSecond()));
    return row;
  }

  private String silencePartition() {
    return "SILENCE#" + table.account();
  }

  @Override
  public List<Silence> silences() {
    return table
        .client()
        .queryPaginator(
            r ->
                r.tableName(table.name())
                    .consistentRead(true)
                    .keyConditionExpression("pk = :pk")
                    .expressionAttributeValues(Map.of(":pk", Table.text(silencePartition()))))
        .items()
        .stream()
        .map(item -> StateJson.read(Table.doc(item), Silence.class))
        .toList();
  }

  @Override
  public void keep(Silence silence) {
    Map<String, AttributeValue> row =
        document(
            table.key(silencePartition(), silence.id()),
            StateJson.write(silence),
            silence.until().plus(SILENCE_KEPT_AFTER_END));
    table.client().putItem(r -> r.tableName(table.name()).item(row));
  }

  @Override
  public Optional<Silence> forgetSilence(String id) {
    var old =
        table
            .client()
            .deleteItem(
                r ->
                    r.tableName(table.name())
                        .key(table.key(silencePartition(), id))
                        .returnValues(ReturnValue.ALL_OLD))
            .attributes();
    return old.isEmpty()
        ? Optional.empty()
        : Optional.of(StateJson.read(Table.doc(old), Silence.class));
  }
}
