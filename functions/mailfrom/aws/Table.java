package mailfrom.aws;

import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;
import software.amazon.awssdk.services.dynamodb.model.TransactionInProgressException;

/**
 * The one table: its name, its account, and how its keys are made. Partition key {@code pk}, sort
 * key {@code sk}, both texts; {@code expiresAt} is the time to live in seconds.
 */
public record Table(DynamoDbClient client, String name, String account, Retry retry) {
  private static final DateTimeFormatter TO_THE_NANOSECOND =
      new DateTimeFormatterBuilder().appendInstant(9).toFormatter(Locale.ROOT);

  public static final String PK = "pk";
  public static final String SK = "sk";
  static final String DOC = "doc";
  static final String VERSION = "v";
  static final String SCHEMA = "schema";
  static final String WRITE_ID = "w";
  static final String EXPIRES_AT = "expiresAt";

  /** Rows of one schema are read by its own program and the next one, and never by an older. */
  static final int SCHEMA_NOW = 1;

  static AttributeValue text(String value) {
    return AttributeValue.fromS(value);
  }

  static AttributeValue number(long value) {
    return AttributeValue.fromN(Long.toString(value));
  }

  static long number(Map<String, AttributeValue> item, String name) {
    AttributeValue value = item.get(name);
    return value == null || value.n() == null ? 0 : Long.parseLong(value.n());
  }

  static String text(Map<String, AttributeValue> item, String name) {
    AttributeValue value = item.get(name);
    return value == null || value.s() == null ? "" : value.s();
  }

  Map<String, AttributeValue> key(String pk, String sk) {
    return Map.of(PK, text(pk), SK, text(sk));
  }

  /** A doc of a row, after its schema was found readable. */
  static String doc(Map<String, AttributeValue> item) {
    long schema = number(item, SCHEMA);
    if (schema > SCHEMA_NOW) {
      throw new IllegalStateException(
          "a row of schema %d: a newer version wrote it, deploy that one".formatted(schema));
    }
    return text(item, DOC);
  }

  /** A time as part of a sort key: the texts are in the order of the times, within a second too. */
  static String sortable(Instant at) {
    return TO_THE_NANOSECOND.format(at);
  }

  /** A row that its version guards. */
  static Map<String, AttributeValue> row(
      Map<String, AttributeValue> key, String doc, long version, String writeId) {
    Map<String, AttributeValue> row = new HashMap<>(key);
    row.put(DOC, text(doc));
    row.put(VERSION, number(version));
    row.put(SCHEMA, number(SCHEMA_NOW));
    row.put(WRITE_ID, text(writeId));
    return row;
  }

  /** What a write under a condition gave. */
  sealed interface Write<T> {
    record Done<T>(T answer) implements Write<T> {}

    /**
     * Somebody else was faster.
     *
     * @param row as it is now; empty when the table did not say
     */
    record Refused<T>(Map<String, AttributeValue> row) implements Write<T> {}
  }

  /** One write of one row under a condition. */
  static <T> Write<T> conditional(Supplier<T> write) {
    try {
      return new Write.Done<>(write.get());
    } catch (ConditionalCheckFailedException e) {
      return new Write.Refused<>(e.hasItem() ? e.item() : Map.of());
    } catch (TransactionConflictException e) {
      // Somebody else's transaction has the row at this moment.
      return new Write.Refused<>(Map.of());
    }
  }

  /** A retried write that had already succeeded finds its own id in the row. */
  static boolean isOurs(Map<String, AttributeValue> row, String writeId) {
    return text(row, WRITE_ID).equals(writeId);
  }

  /**
   * Puts a row if nobody wrote it since it had a version.
   *
   * @param before 0: there was none
   * @return false: somebody else wrote it, or is about to
   */
  boolean put(Map<String, AttributeValue> row, long before) {
    return switch (conditional(
        () ->
            client.putItem(
                r ->
                    r.tableName(name)
                        .item(row)
                        .conditionExpression(unchanged(before))
                        .expressionAttributeValues(versionValue(before))
                        .returnValuesOnConditionCheckFailure(
                            ReturnValuesOnConditionCheckFailure.ALL_OLD)))) {
      case Write.Done<?> done -> true;
      case Write.Refused<?>(var stored) -> isOurs(stored, text(row, WRITE_ID));
    };
  }

  private static String unchanged(long version) {
    return version == 0 ? "attribute_not_exists(pk)" : "v = :v";
  }

  private static @Nullable Map<String, AttributeValue> versionValue(long version) {
    return version == 0 ? null : Map.of(":v", number(version));
  }

  /** The same as a part of a transaction. */
  TransactWriteItem part(Map<String, AttributeValue> row, long before) {
    return part(
        row,
        put ->
            put.conditionExpression(unchanged(before))
                .expressionAttributeValues(versionValue(before))
                .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD));
  }

  /** A put as a part of a transaction. */
  TransactWriteItem part(Map<String, AttributeValue> row, UnaryOperator<Put.Builder> condition) {
    Put put = condition.apply(Put.builder().tableName(name).item(row)).build();
    return TransactWriteItem.builder().put(put).build();
  }

  /**
   * Writes all parts or none.
   *
   * @param writeId that of the rows with a condition
   * @return false: somebody else wrote a row of it, or is about to
   */
  boolean transact(List<TransactWriteItem> parts, String writeId) {
    try {
      client.transactWriteItems(r -> r.transactItems(parts).clientRequestToken(writeId));
      return true;
    } catch (TransactionInProgressException e) {
      // The first try of a retried one is still under way: what became of it, the rows will say.
      return false;
    } catch (TransactionCanceledException e) {
      return wasOurs(e, writeId);
    }
  }

  /** A reason that is nobody's conflict is thrown again. */
  private static boolean wasOurs(TransactionCanceledException cancelled, String writeId) {
    for (CancellationReason reason : cancelled.cancellationReasons()) {
      switch (reason.code()) {
        case "ConditionalCheckFailed" -> {
          return isOurs(reason.item(), writeId);
        }
        case "TransactionConflict" -> {
          return false;
        }
        default -> {
          // The other parts of the transaction, or a reason that is nobody's conflict.
        }
      }
    }
    throw cancelled;
  }
}
