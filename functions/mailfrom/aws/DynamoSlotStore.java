package mailfrom.aws;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.ToLongFunction;
import mailfrom.app.pace.SesOperation;
import mailfrom.app.pace.SlotStore;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;

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
        case Move.Moved(long slot) -> {
          return Optional.of(Instant.ofEpochMilli(slot));
        }
        case Move.Refused(Map<String, AttributeValue> row) -> {
          // A retried write finds its own id: it had moved the row already.
          if (Table.text(row, Table.WRITE_ID).equals(writeId)) {
            return Optional.of(Instant.ofEpochMilli(Table.number(row, FREE) - step));
          }
          seen = row;
        }
      }
    }
  }

  private sealed interface Move {
    record Moved(long slot) implements Move {}

    record Refused(Map<String, AttributeValue> row) implements Move {}
  }

  private Move takeNow(
      Map<String, AttributeValue> key, String writeId, Instant now, boolean slow, long step) {
    return move(
        key,
        "SET nextFree = :next, w = :w",
        "(attribute_not_exists(nextFree) OR nextFree <= :now)",
        slow,
        Map.of(
            ":now", Table.number(now.toEpochMilli()),
            ":next", Table.number(now.toEpochMilli() + step),
            ":w", Table.text(writeId)),
        old -> now.toEpochMilli());
  }

  private Move queue(
      Map<String, AttributeValue> key,
      String writeId,
      Instant now,
      boolean slow,
      long step,
      long last) {
    return move(
        key,
        "SET nextFree = nextFree + :step, w = :w",
        "nextFree > :now AND nextFree <= :last",
        slow,
        Map.of(
            ":now", Table.number(now.toEpochMilli()),
            ":last", Table.number(last),
            ":step", Table.number(step),
            ":w", Table.text(writeId)),
        old -> Table.number(old, FREE));
  }

  private Move move(
      Map<String, AttributeValue> key,
      String update,
      String condition,
      boolean slow,
      Map<String, AttributeValue> values,
      ToLongFunction<Map<String, AttributeValue>> slotOfOld) {
    String slowCondition =
        slow ? "slowUntil > :now" : "(attribute_not_exists(slowUntil) OR slowUntil <= :now)";
    return update(key, update, condition + " AND " + slowCondition, values, slotOfOld);
  }

  private Move update(
      Map<String, AttributeValue> key,
      String update,
      String condition,
      Map<String, AttributeValue> values,
      ToLongFunction<Map<String, AttributeValue>> slotOfOld) {
    try {
      var answer =
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
                              ReturnValuesOnConditionCheckFailure.ALL_OLD));
      return new Move.Moved(slotOfOld.applyAsLong(answer.attributes()));
    } catch (ConditionalCheckFailedException e) {
      return new Move.Refused(e.hasItem() ? e.item() : Map.of());
    }
  }

  @Override
  public void giveBack(String region, SesOperation operation, Instant slot, Duration gap) {
    // Refused: somebody took the next one, or the operation is slow. It stays as it is.
    Move _ =
        update(
            key(region, operation),
            "SET nextFree = :slot",
            "nextFree = :next",
            Map.of(
                ":slot", Table.number(slot.toEpochMilli()),
                ":next", Table.number(slot.toEpochMilli() + gap.toMillis())),
            old -> slot.toEpochMilli());
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
