package mailfrom.aws;

import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

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
}
