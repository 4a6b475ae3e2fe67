package mailfrom.aws;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import mailfrom.app.pace.SystemMachineClock;
import mailfrom.app.store.IdentityStore;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemResponse;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemResponse;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsResponse;

/**
 * A table that keeps nothing, and counts the write units that its rows would take: one for each
 * begun kilobyte, two in a transaction, and as if each had another place in the index. It has no
 * conditions: each write is taken.
 */
public final class WriteUnits implements DynamoDbClient {
  private static final int UNIT = 1024;

  private final InstantSource clock;
  private final Map<String, Map<Instant, Integer>> byKeyAndSecond = new HashMap<>();
  private final Map<Instant, Integer> bySecond = new HashMap<>();
  private int largestRow;

  public WriteUnits(InstantSource clock) {
    this.clock = clock;
  }

  /** The identities as they are written to the real table, with this one in its place. */
  public IdentityStore identities(String account) {
    Retry retry = new Retry(new SystemMachineClock(), () -> 1);
    return new DynamoIdentityStore(new Table(this, "counted", account, retry));
  }

  /** The most units that one partition key took in one second. */
  public int mostOfAKey() {
    return byKeyAndSecond.values().stream()
        .mapToInt(seconds -> Collections.max(seconds.values()))
        .max()
        .orElse(0);
  }

  /** The most units that the whole table took in one second. */
  public int mostOfTheTable() {
    return bySecond.isEmpty() ? 0 : Collections.max(bySecond.values());
  }

  /** The bytes of the largest row. */
  public int largestRow() {
    return largestRow;
  }

  @Override
  public PutItemResponse putItem(PutItemRequest request) {
    count(request.item(), 1);
    return PutItemResponse.builder().build();
  }

  @Override
  public TransactWriteItemsResponse transactWriteItems(TransactWriteItemsRequest request) {
    for (TransactWriteItem write : request.transactItems()) {
      count(write.put().item(), 2);
    }
    return TransactWriteItemsResponse.builder().build();
  }

  @Override
  public DeleteItemResponse deleteItem(DeleteItemRequest request) {
    count(request.key(), 1);
    return DeleteItemResponse.builder().build();
  }

  private void count(Map<String, AttributeValue> item, int times) {
    int bytes =
        item.entrySet().stream()
            .mapToInt(entry -> bytes(entry.getKey()) + bytes(text(entry.getValue())))
            .sum();
    largestRow = Math.max(largestRow, bytes);
    int units = times * ((bytes + UNIT - 1) / UNIT);
    Instant second = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    bySecond.merge(second, units, Integer::sum);
    count(Table.text(item, Table.PK), second, units);
    if (item.containsKey("fleet")) {
      // Out of its old place in the index, and into the new one; the index has units of its own.
      count(Table.text(item, "fleet"), second, 2);
    }
  }

  private void count(String key, Instant second, int units) {
    byKeyAndSecond
        .computeIfAbsent(key, unknown -> new HashMap<>())
        .merge(second, units, Integer::sum);
  }

  /** Numbers take less than their digits. */
  private static String text(AttributeValue value) {
    return value.s() == null ? value.n() : value.s();
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  @Override
  public String serviceName() {
    return SERVICE_NAME;
  }

  @Override
  public void close() {
    // Nothing is open.
  }
}
