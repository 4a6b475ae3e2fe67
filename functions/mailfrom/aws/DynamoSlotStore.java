package mailfrom.aws;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import mailfrom.app.pace.SesOperation;
import mailfrom.app.pace.SlotStore;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;

/** The slots in the table: one row for each (account, Region, operation), times in milliseconds. */
public final class DynamoSlotStore implements SlotStore {
  private static final String FREE = "nextFree";
  private static final String SLOW_UNTIL = "slowUntil";

  private final Table table;

  public DynamoSlotStore(Table table) {
    this.table = table;
  }

  private Map<String, AttributeValue> key(String region, SesOperation operation) {
    return table.key("SLOT#%s#%s#%s".formatted(table.account(), region, operation), "slot");
  }

  @Override
  public Optional<Instant> reserve(
      String region, SesOperation operation, Instant now, Duration gap, Duration maxWait) {
    Map<String, AttributeValue> key = key(region, operation);
    String writeId = UUID.randomUUID().toString();
    long last = now.plus(maxWait).toEpochMilli();
    // The first guess is that the slot is free and nothing is slow; a refusal shows the row.
    Map<String, AttributeValue> seen = Map.of();
    Retry.Tries tries = table.retry().of("the slots of " + operation + " in " + region);
    while (true) {
      boolean slow = Table.number(seen, SLOW_UNTIL) > now.toEpochMilli();
      long step = (slow ? gap.multipliedBy(2) : gap).toMillis();
      long free = Table.number(seen, FREE);
      boolean isFree = free <= now.toEpochMilli();
      if (!isFree && free > last) {
        return Optional.empty();
      }
      switch (isFree
          ? takeNow(key, writeId, now, slow, step)
          : queue(key, writeId, now, slow, step, last)) {
        case Table.Write.Done<UpdateItemResponse>(UpdateItemResponse answer) -> {
          return Optional.of(
              isFree
                  ? Instant.ofEpochMilli(now.toEpochMilli())
                  : Instant.ofEpochMilli(Table.number(answer.attributes(), FREE)));
        }
        case Table.Write.Refused<?>(var row) -> {
          if (Table.isOurs(row, writeId)) {
            return Optional.of(Instant.ofEpochMilli(Table.number(row, FREE) - step));
          }
          seen = row;
        }
      }
      tries.again();
    }
  }

  private Table.Write<UpdateItemResponse> takeNow(
      Map<String, AttributeValue> key, String writeId, Instant now, boolean slow, long step) {
    return update(
        key,
        "SET nextFree = :next, w = :w",
        "(attribute_not_exists(nextFree) OR nextFree <= :now) AND " + whether(slow),
        Map.of(
            ":now", Table.number(now.toEpochMilli()),
            ":next", Table.number(now.toEpochMilli() + step),
            ":w", Table.text(writeId)));
  }

  private Table.Write<UpdateItemResponse> queue(
      Map<String, AttributeValue> key,
      String writeId,
      Instant now,
      boolean slow,
      long step,
      long last) {
    return update(
        key,
        "SET nextFree = nextFree + :step, w = :w",
        "nextFree > :now AND nextFree <= :last AND " + whether(slow),
        Map.of(
            ":now", Table.number(now.toEpochMilli()),
            ":last", Table.number(last),
            ":step", Table.number(step),
            ":w", Table.text(writeId)));
  }

  private static String whether(boolean slow) {
    return slow ? "slowUntil > :now" : "(attribute_not_exists(slowUntil) OR slowUntil <= :now)";
  }

  private Table.Write<UpdateItemResponse> update(
      Map<String, AttributeValue> key,
      String update,
      String condition,
      Map<String, AttributeValue> values) {
    return Table.conditional(
        () ->
            table
                .client()
                .updateItem(
                    r ->
                        r.tableName(table.name())
                            .key(key)
                            .updateExpression(update)
                            .conditionExpression(condition)
                            .expressionAttributeValues(values)
                            .returnValues(ReturnValue.UPDATED_OLD)
                            .returnValuesOnConditionCheckFailure(
                                ReturnValuesOnConditionCheckFailure.ALL_OLD)));
  }

  @Override
  public void giveBack(String region, SesOperation operation, Instant slot, Duration gap) {
    // Refused: somebody took the next one, or the operation is slow. It stays as it is.
    var _ =
        update(
            key(region, operation),
            "SET nextFree = :slot",
            "nextFree = :next",
            Map.of(
                ":slot", Table.number(slot.toEpochMilli()),
                ":next", Table.number(slot.toEpochMilli() + gap.toMillis())));
  }

  @Override
  public void slowDown(String region, SesOperation operation, Instant until) {
    table
        .client()
        .updateItem(
            r ->
                r.tableName(table.name())
                    .key(key(region, operation))
                    .updateExpression("SET slowUntil = :until")
                    .expressionAttributeValues(
                        Map.of(":until", Table.number(until.toEpochMilli()))));
  }
}
