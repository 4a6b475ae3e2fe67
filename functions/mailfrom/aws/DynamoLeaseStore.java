package mailfrom.aws;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import mailfrom.app.pace.LeaseStore;
import mailfrom.app.pace.MachineClock;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The leases in the table: one row each, with its owner and its end by the machine's clock. Who
 * dies leaves its row: after its end anybody takes it, and the table deletes it.
 */
public final class DynamoLeaseStore implements LeaseStore {
  private static final Duration KEPT_AFTER_END = Duration.ofHours(1);

  private final Table table;
  private final MachineClock clock;

  public DynamoLeaseStore(Table table, MachineClock clock) {
    this.table = table;
    this.clock = clock;
  }

  private Map<String, AttributeValue> key(String name) {
    return table.key("LEASE#%s#%s".formatted(table.account(), name), "lease");
  }

  @Override
  public boolean hold(String name, String owner, Duration length) {
    Instant now = clock.now();
    Instant until = now.plus(length);
    return switch (Table.conditional(
        () ->
            table
                .client()
                .updateItem(
                    r ->
                        r.tableName(table.name())
                            .key(key(name))
                            .updateExpression(
                                "SET held = :owner, #until = :until, #expires = :expires")
                            .conditionExpression(
                                "attribute_not_exists(held) OR held = :owner OR #until <= :now")
                            .expressionAttributeNames(
                                Map.of("#until", "until", "#expires", Table.EXPIRES_AT))
                            .expressionAttributeValues(
                                Map.of(
                                    ":owner",
                                    Table.text(owner),
                                    ":until",
                                    Table.number(until.toEpochMilli()),
                                    ":expires",
                                    Table.number(until.plus(KEPT_AFTER_END).getEpochSecond()),
                                    ":now",
                                    Table.number(now.toEpochMilli())))))) {
      case Table.Write.Done<?> done -> true;
      case Table.Write.Refused<?> refused -> false;
    };
  }

  @Override
  public void release(String name, String owner) {
    // Refused: it ran out and somebody else holds it now. There is nothing to release.
    var _ =
        Table.conditional(
            () ->
                table
                    .client()
                    .deleteItem(
                        r ->
                            r.tableName(table.name())
                                .key(key(name))
                                .conditionExpression("held = :owner")
                                .expressionAttributeValues(Map.of(":owner", Table.text(owner)))));
  }
}
