package mailfrom.aws;

import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/**
 * The one table: its name, its account, and how its keys are made. Partition key {@code pk}, sort
 * key {@code sk}, both texts; {@code expiresAt} is the time to live in seconds.
 */
public record Table(DynamoDbClient client, String name, String account) {
  static final String PK = "pk";
  static final String SK = "sk";
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

  /** A retried write that had already succeeded finds its own id in the row. */
  static boolean isOurs(@Nullable Map<String, AttributeValue> stored, String writeId) {
    return stored != null && text(stored, WRITE_ID).equals(writeId);
  }

  /**
   * Whether a cancelled transaction had already succeeded when it was retried. False: somebody else
   * wrote a row of it. A reason that is nobody's conflict is thrown again.
   */
  static boolean wasOurs(TransactionCanceledException cancelled, String writeId) {
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

  /** What a call that ran aside gave, or threw. */
  static <T> T result(Future<T> answer) {
    try {
      return answer.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
