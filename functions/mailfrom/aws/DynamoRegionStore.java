package mailfrom.aws;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import mailfrom.app.store.RegionState;
import mailfrom.app.store.RegionStore;
import mailfrom.domain.identity.Silence;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;

/** The Regions in the table: one row each. */
public final class DynamoRegionStore implements RegionStore {
  private static final Duration SILENCE_KEPT_AFTER_END = Duration.ofDays(30);

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
    while (true) {
      RegionState before = find(region);
      RegionState after = change.apply(before).withRowVersion(before.rowVersion() + 1);
      Map<String, AttributeValue> row = new HashMap<>(key(region));
      row.put(Table.DOC, Table.text(StateJson.write(after)));
      row.put(Table.VERSION, Table.number(after.rowVersion()));
      row.put(Table.SCHEMA, Table.number(Table.SCHEMA_NOW));
      String writeId = UUID.randomUUID().toString();
      row.put(Table.WRITE_ID, Table.text(writeId));
      boolean isNew = before.rowVersion() == 0;
      try {
        table
            .client()
            .putItem(
                r ->
                    r.tableName(table.name())
                        .item(row)
                        .conditionExpression(isNew ? "attribute_not_exists(pk)" : "v = :v")
                        .expressionAttributeValues(
                            isNew ? null : Map.of(":v", Table.number(before.rowVersion())))
                        .returnValuesOnConditionCheckFailure(
                            ReturnValuesOnConditionCheckFailure.ALL_OLD));
        return after;
      } catch (ConditionalCheckFailedException e) {
        // A retried write that had already succeeded finds its own id. Else somebody else wrote in
        // between, and the change is applied to what is stored now.
        if (e.hasItem() && Table.text(e.item(), Table.WRITE_ID).equals(writeId)) {
          return after;
        }
      }
    }
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
    Map<String, AttributeValue> row = new HashMap<>(table.key(silencePartition(), silence.id()));
    row.put(Table.DOC, Table.text(StateJson.write(silence)));
    row.put(Table.SCHEMA, Table.number(Table.SCHEMA_NOW));
    row.put(
        Table.EXPIRES_AT,
        Table.number(silence.until().plus(SILENCE_KEPT_AFTER_END).getEpochSecond()));
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
