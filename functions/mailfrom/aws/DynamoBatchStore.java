package mailfrom.aws;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import mailfrom.app.batch.Batch;
import mailfrom.app.batch.BatchChunk;
import mailfrom.app.batch.BatchStore;
import mailfrom.app.pace.Tasks;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.Delete;
import software.amazon.awssdk.services.dynamodb.model.PutItemResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/**
 * The batches in the table: head and chunks of one under a key of its own, those that are open
 * under one key for all, and the first request of each Idempotency-Key.
 */
public final class DynamoBatchStore implements BatchStore {
  private static final Duration KEPT_AFTER_END = Duration.ofDays(30);

  /** An open batch is followed for 14 days. */
  private static final Duration PARTS_KEPT = Duration.ofDays(60);

  private static final int AT_ONCE = 16;
  private static final String HEAD = "head";
  private static final String CHUNK = "chunk#";
  private static final String CONTENT = "content";

  private final Table table;

  public DynamoBatchStore(Table table) {
    this.table = table;
  }

  private String partition(String id) {
    return "BATCH#%s#%s".formatted(table.account(), id);
  }

  private String openPartition() {
    return "OPENBATCHES#" + table.account();
  }

  /** A row that says where a batch is, among others in the order in which they were made. */
  private Map<String, AttributeValue> placeKey(String partition, Batch head) {
    return table.key(partition, "%s#%s".formatted(Table.sortable(head.createdAt()), head.id()));
  }

  private Map<String, AttributeValue> place(String partition, Batch head) {
    Map<String, AttributeValue> row = new HashMap<>(placeKey(partition, head));
    row.put(HEAD, Table.text(head.id()));
    return row;
  }

  private String listPartition() {
    return "BATCHES#" + table.account();
  }

  private Map<String, AttributeValue> requestKey(String key) {
    return table.key("BATCHKEY#" + table.account(), key);
  }

  private static String chunkSort(int number) {
    return "%s%05d".formatted(CHUNK, number);
  }

  @Override
  public Optional<First> first(String key, Instant now) {
    return item(requestKey(key))
        .filter(item -> isKept(item, now))
        .map(
            item ->
                new First(Table.text(item, CONTENT), StateJson.read(Table.doc(item), Batch.class)));
  }

  private Optional<Map<String, AttributeValue>> item(Map<String, AttributeValue> key) {
    var answer =
        table.client().getItem(r -> r.tableName(table.name()).key(key).consistentRead(true));
    return answer.hasItem() ? Optional.of(answer.item()) : Optional.empty();
  }

  /** An expired row may stay for days: it is not shown. */
  private static boolean isKept(Map<String, AttributeValue> item, Instant now) {
    return !item.containsKey(Table.EXPIRES_AT)
        || Table.number(item, Table.EXPIRES_AT) > now.getEpochSecond();
  }

  @Override
  public Created create(Batch head, List<BatchChunk> chunks, Request request) {
    Instant partsExpireAt = head.createdAt().plus(PARTS_KEPT);
    List<Supplier<PutItemResponse>> puts =
        chunks.stream()
            .map(chunk -> chunkRow(chunk, partsExpireAt, ""))
            .<Supplier<PutItemResponse>>map(
                row -> () -> table.client().putItem(r -> r.tableName(table.name()).item(row)))
            .toList();
    var _ = Tasks.sideBySide(AT_ONCE, puts, Supplier::get);
    String writeId = UUID.randomUUID().toString();
    Map<String, AttributeValue> requestRow = new HashMap<>(requestKey(request.key()));
    requestRow.put(CONTENT, Table.text(request.content()));
    requestRow.put(Table.DOC, Table.text(StateJson.write(head)));
    requestRow.put(Table.SCHEMA, Table.number(Table.SCHEMA_NOW));
    requestRow.put(Table.WRITE_ID, Table.text(writeId));
    requestRow.put(
        Table.EXPIRES_AT, Table.number(head.createdAt().plus(KEPT_AFTER_END).getEpochSecond()));
    Map<String, AttributeValue> listRow = place(listPartition(), head);
    listRow.put(Table.EXPIRES_AT, Table.number(partsExpireAt.getEpochSecond()));
    List<TransactWriteItem> parts =
        List.of(
            table.part(
                requestRow,
                put ->
                    put.conditionExpression("attribute_not_exists(pk) OR expiresAt <= :now")
                        .expressionAttributeValues(
                            Map.of(":now", Table.number(head.createdAt().getEpochSecond())))
                        .returnValuesOnConditionCheckFailure(
                            ReturnValuesOnConditionCheckFailure.ALL_OLD)),
            table.part(headRow(head, writeId), 0),
            table.part(place(openPartition(), head), put -> put),
            table.part(listRow, put -> put));
    Retry.Tries tries = table.retry().of("the batch " + head.id());
    while (!table.transact(parts, writeId)) {
      Optional<First> first = first(request.key(), head.createdAt());
      if (first.isPresent()) {
        return first.get().batch().id().equals(head.id())
            ? new Created.Stored()
            : new Created.Taken();
      }
      // A transaction has the key at this moment, and may yet be cancelled.
      tries.again();
    }
    return new Created.Stored();
  }

  @Override
  public Optional<Batch> find(String id, Instant now) {
    return item(table.key(partition(id), HEAD))
        .filter(item -> isKept(item, now))
        .map(
            item ->
                StateJson.read(Table.doc(item), Batch.class)
                    .withRowVersion(Table.number(item, Table.VERSION)));
  }

  @Override
  public Listed list(int limit, @Nullable String from, Instant now) {
    Map<String, AttributeValue> values = new HashMap<>();
    values.put(":pk", Table.text(listPartition()));
    // An empty text is no key.
    String before = from == null ? "" : from;
    if (!before.isEmpty()) {
      values.put(":from", Table.text(before));
    }
    var page =
        table
            .client()
            .query(
                r ->
                    r.tableName(table.name())
                        .consistentRead(true)
                        .scanIndexForward(false)
                        .limit(limit)
                        .keyConditionExpression(
                            before.isEmpty() ? "pk = :pk" : "pk = :pk AND sk < :from")
                        .expressionAttributeValues(values));
    List<Supplier<Optional<Batch>>> heads =
        page.items().stream()
            .map(item -> Table.text(item, HEAD))
            .<Supplier<Optional<Batch>>>map(id -> () -> find(id, now))
            .toList();
    return new Listed(
        Tasks.sideBySide(AT_ONCE, heads, Supplier::get).stream().flatMap(Optional::stream).toList(),
        page.hasLastEvaluatedKey() ? Table.text(page.lastEvaluatedKey(), Table.SK) : null);
  }

  @Override
  public List<String> open() {
    return query(openPartition(), "").stream().map(item -> Table.text(item, HEAD)).toList();
  }

  @Override
  public List<BatchChunk> chunks(String id) {
    return query(partition(id), CHUNK).stream().map(DynamoBatchStore::chunk).toList();
  }

  private List<Map<String, AttributeValue>> query(String partition, String prefix) {
    return table
        .client()
        .queryPaginator(
            r ->
                r.tableName(table.name())
                    .consistentRead(true)
                    .keyConditionExpression(
                        prefix.isEmpty() ? "pk = :pk" : "pk = :pk AND begins_with(sk, :prefix)")
                    .expressionAttributeValues(
                        prefix.isEmpty()
                            ? Map.of(":pk", Table.text(partition))
                            : Map.of(":pk", Table.text(partition), ":prefix", Table.text(prefix))))
        .items()
        .stream()
        .toList();
  }

  @Override
  public Optional<BatchChunk> chunk(String id, int number) {
    return item(table.key(partition(id), chunkSort(number))).map(DynamoBatchStore::chunk);
  }

  private static BatchChunk chunk(Map<String, AttributeValue> item) {
    return StateJson.read(Table.doc(item), BatchChunk.class)
        .withRowVersion(Table.number(item, Table.VERSION));
  }

  @Override
  public boolean save(Batch head, @Nullable BatchChunk chunk) {
    String writeId = UUID.randomUUID().toString();
    List<TransactWriteItem> parts = new ArrayList<>();
    parts.add(table.part(headRow(head, writeId), head.rowVersion()));
    if (chunk != null) {
      Instant expiresAt = head.createdAt().plus(PARTS_KEPT);
      parts.add(table.part(chunkRow(chunk, expiresAt, writeId), chunk.rowVersion()));
    }
    if (!head.isOpen()) {
      parts.add(
          TransactWriteItem.builder()
              .delete(
                  Delete.builder()
                      .tableName(table.name())
                      .key(placeKey(openPartition(), head))
                      .build())
              .build());
    }
    return table.transact(parts, writeId);
  }

  private Map<String, AttributeValue> headRow(Batch head, String writeId) {
    Map<String, AttributeValue> row =
        Table.row(
            table.key(partition(head.id()), HEAD),
            StateJson.write(head),
            head.rowVersion() + 1,
            writeId);
    Instant endedAt = head.endedAt();
    if (endedAt != null) {
      row.put(Table.EXPIRES_AT, Table.number(endedAt.plus(KEPT_AFTER_END).getEpochSecond()));
    }
    return row;
  }

  private Map<String, AttributeValue> chunkRow(
      BatchChunk chunk, Instant expiresAt, String writeId) {
    Map<String, AttributeValue> row =
        Table.row(
            table.key(partition(chunk.batch()), chunkSort(chunk.number())),
            StateJson.write(chunk),
            chunk.rowVersion() + 1,
            writeId);
    row.put(Table.EXPIRES_AT, Table.number(expiresAt.getEpochSecond()));
    return row;
  }
}
