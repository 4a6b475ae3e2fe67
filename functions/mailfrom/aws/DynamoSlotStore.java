package mailfrom.aws;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import mailfrom.app.pace.SesOperation;
import mailfrom.app.pace.SlotStore;
import mailfrom.app.read.Ses;
import mailfrom.domain.name.IdentityName;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;

/**
 * The slots in the table: one row for each (account, Region, operation), times in milliseconds. A
 * turn has a row of its own, with the names of those who joined it and then what its call gave.
 */
public final class DynamoSlotStore implements SlotStore {
  private static final String FREE = "nextFree";
  private static final String SLOW_UNTIL = "slowUntil";
  private static final String TURN = "turn";
  private static final String TURN_AT = "turnAt";
  private static final String NAMES = "joined";
  private static final Duration TURN_KEPT = Duration.ofHours(1);

  private final Table table;

  /** The slots' rows as this process left them: who comes again before its turn asks once. */
  private final Map<String, Map<String, AttributeValue>> guesses = new ConcurrentHashMap<>();

  public DynamoSlotStore(Table table) {
    this.table = table;
  }

  private Map<String, AttributeValue> key(String region, SesOperation operation) {
    return table.key("SLOT#%s#%s#%s".formatted(table.account(), region, operation), "slot");
  }

  @Override
  public Optional<Instant> reserve(
      String region, SesOperation operation, Instant now, Duration gap, Duration maxWait) {
    return reserve(region, operation, now, gap, maxWait, null, null)
            instanceof Reservation.Made(Instant at)
        ? Optional.of(at)
        : Optional.empty();
  }

  @Override
  public Reservation reserveTurn(
      String region,
      SesOperation operation,
      Instant now,
      Duration gap,
      Duration maxWait,
      String turn,
      @Nullable String full) {
    return reserve(region, operation, now, gap, maxWait, turn, full);
  }

  /**
   * Reserves.
   *
   * @param turn null: the slot is for one caller alone, whatever turns there are
   */
  private Reservation reserve(
      String region,
      SesOperation operation,
      Instant now,
      Duration gap,
      Duration maxWait,
      @Nullable String turn,
      @Nullable String full) {
    Map<String, AttributeValue> key = key(region, operation);
    String writeId = UUID.randomUUID().toString();
    long last = now.plus(maxWait).toEpochMilli();
    // The first guess is that the row is as we left it, or else that the slot is free and nothing
    // is slow. Nobody is turned away for a guess; a refusal shows the row.
    String pk = Table.text(key, Table.PK);
    Map<String, AttributeValue> guess = guesses.getOrDefault(pk, Map.of());
    Map<String, AttributeValue> seen = Table.number(guess, FREE) > last ? Map.of() : guess;
    Retry.Tries tries = table.retry().of("the slots of " + operation + " in " + region);
    while (true) {
      boolean slow = Table.number(seen, SLOW_UNTIL) > now.toEpochMilli();
      long step = (slow ? gap.multipliedBy(2) : gap).toMillis();
      long free = Table.number(seen, FREE);
      boolean isFree = free <= now.toEpochMilli();
      long turnAt = Table.number(seen, TURN_AT);
      if (turn != null && turnAt > now.toEpochMilli() && !Table.text(seen, TURN).equals(full)) {
        return new Reservation.Open(new Turn(Table.text(seen, TURN), Instant.ofEpochMilli(turnAt)));
      }
      if (!isFree && free > last) {
        return new Reservation.Full(Instant.ofEpochMilli(free));
      }
      switch (isFree
          ? takeNow(key, writeId, now, slow, step)
          : queue(key, writeId, now, slow, step, last, turn, full)) {
        case Table.Write.Done<UpdateItemResponse>(UpdateItemResponse answer) -> {
          long at = isFree ? now.toEpochMilli() : Table.number(answer.attributes(), FREE);
          guesses.put(pk, guess(at + step, Table.number(seen, SLOW_UNTIL)));
          return new Reservation.Made(Instant.ofEpochMilli(at));
        }
        case Table.Write.Refused<?>(var row) -> {
          if (Table.isOurs(row, writeId)) {
            return new Reservation.Made(Instant.ofEpochMilli(Table.number(row, FREE) - step));
          }
          seen = row;
        }
      }
      tries.again();
    }
  }

  private static Map<String, AttributeValue> guess(long free, long slowUntil) {
    return Map.of(FREE, Table.number(free), SLOW_UNTIL, Table.number(slowUntil));
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
      long last,
      @Nullable String turn,
      @Nullable String full) {
    Map<String, AttributeValue> values =
        new HashMap<>(
            Map.of(
                ":now", Table.number(now.toEpochMilli()),
                ":last", Table.number(last),
                ":step", Table.number(step),
                ":w", Table.text(writeId)));
    String update = "SET nextFree = nextFree + :step, w = :w";
    String condition = "nextFree > :now AND nextFree <= :last AND " + whether(slow);
    if (turn != null) {
      values.put(":turn", Table.text(turn));
      values.put(":full", Table.text(full == null ? "" : full));
      // Each of these is the value before the update: the turn's slot is the old end of the line.
      update += ", turn = :turn, turnAt = nextFree";
      condition += " AND (attribute_not_exists(turnAt) OR turnAt <= :now OR turn = :full)";
    }
    return update(key, update, condition, values);
  }

  private static String whether(boolean slow) {
    return slow ? "slowUntil > :now" : "(attribute_not_exists(slowUntil) OR slowUntil <= :now)";
  }

  private Table.Write<UpdateItemResponse> update(
      Map<String, AttributeValue> key,
      String update,
      String condition,
      Map<String, AttributeValue> values) {
    return update(key, update, condition, values, Map.of(), ReturnValue.UPDATED_OLD);
  }

  private Table.Write<UpdateItemResponse> update(
      Map<String, AttributeValue> key,
      String update,
      String condition,
      Map<String, AttributeValue> values,
      Map<String, String> names,
      ReturnValue returned) {
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
                            .expressionAttributeNames(names.isEmpty() ? null : names)
                            .returnValues(returned)
                            .returnValuesOnConditionCheckFailure(
                                ReturnValuesOnConditionCheckFailure.ALL_OLD)));
  }

  @Override
  public void giveBack(String region, SesOperation operation, Instant slot, Duration gap) {
    Map<String, AttributeValue> key = key(region, operation);
    // Refused: somebody took the next one, or the operation is slow. It stays as it is.
    if (update(
            key,
            "SET nextFree = :slot",
            "nextFree = :next",
            Map.of(
                ":slot", Table.number(slot.toEpochMilli()),
                ":next", Table.number(slot.toEpochMilli() + gap.toMillis())))
        instanceof Table.Write.Done<?>) {
      guesses.computeIfPresent(
          Table.text(key, Table.PK),
          (_, guess) -> guess(slot.toEpochMilli(), Table.number(guess, SLOW_UNTIL)));
    }
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

  @Override
  public Instant free(String region, SesOperation operation) {
    var answer =
        table
            .client()
            .getItem(
                r -> r.tableName(table.name()).key(key(region, operation)).consistentRead(true));
    return Instant.ofEpochMilli(Table.number(answer.item(), FREE));
  }

  private Map<String, AttributeValue> turnKey(String turn) {
    return table.key("TURN#%s#%s".formatted(table.account(), turn), TURN);
  }

  /** When a turn's row is deleted, also one that was deleted before and comes back by an answer. */
  private AttributeValue turnEnds() {
    return Table.number(table.retry().clock().now().plus(TURN_KEPT).getEpochSecond());
  }

  private static AttributeValue set(List<IdentityName> names) {
    return AttributeValue.fromSs(names.stream().map(IdentityName::value).distinct().toList());
  }

  @Override
  public String open(List<IdentityName> names) {
    String turn = UUID.randomUUID().toString();
    Map<String, AttributeValue> row = new HashMap<>(turnKey(turn));
    row.put(NAMES, set(names));
    row.put("open", AttributeValue.fromBool(true));
    row.put(Table.EXPIRES_AT, turnEnds());
    table.client().putItem(r -> r.tableName(table.name()).item(row));
    return turn;
  }

  @Override
  public boolean join(String turn, List<IdentityName> names) {
    return switch (update(
        turnKey(turn),
        "ADD joined :names",
        "attribute_exists(#open) AND size(joined) <= :room",
        Map.of(":names", set(names), ":room", Table.number(Ses.BATCH - names.size())),
        Map.of("#open", "open"),
        ReturnValue.NONE)) {
      case Table.Write.Done<?> done -> true;
      case Table.Write.Refused<?> refused -> false;
    };
  }

  @Override
  public List<IdentityName> close(String turn) {
    return table
        .client()
        .updateItem(
            r ->
                r.tableName(table.name())
                    .key(turnKey(turn))
                    .updateExpression("SET #expires = if_not_exists(#expires, :end) REMOVE #open")
                    .expressionAttributeNames(Map.of("#open", "open", "#expires", Table.EXPIRES_AT))
                    .expressionAttributeValues(Map.of(":end", turnEnds()))
                    .returnValues(ReturnValue.ALL_NEW))
        .attributes()
        .getOrDefault(NAMES, AttributeValue.fromSs(List.of()))
        .ss()
        .stream()
        .map(IdentityName::new)
        .toList();
  }

  @Override
  public void answer(String turn, Record answer) {
    table
        .client()
        .updateItem(
            r ->
                r.tableName(table.name())
                    .key(turnKey(turn))
                    .updateExpression(
                        "SET doc = :doc, #schema = :schema, #expires = if_not_exists(#expires, :end)")
                    .expressionAttributeNames(
                        Map.of("#schema", Table.SCHEMA, "#expires", Table.EXPIRES_AT))
                    .expressionAttributeValues(
                        Map.of(
                            ":end", turnEnds(),
                            ":doc", Table.text(StateJson.write(answer)),
                            ":schema", Table.number(Table.SCHEMA_NOW))));
  }

  @Override
  public <T extends Record> Optional<T> answer(String turn, Class<T> type) {
    Map<String, AttributeValue> row =
        table
            .client()
            .getItem(r -> r.tableName(table.name()).key(turnKey(turn)).consistentRead(true))
            .item();
    return row.containsKey(Table.DOC)
        ? Optional.of(StateJson.read(Table.doc(row), type))
        : Optional.empty();
  }
}
