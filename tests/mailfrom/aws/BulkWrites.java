package mailfrom.aws;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemResponse;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/** A table's client that writes many rows a call, without their conditions: to fill a new table. */
public final class BulkWrites implements DynamoDbClient {
  private static final int ROWS_A_CALL = 25;

  private final DynamoDbClient real;
  private final List<WriteRequest> rows = new ArrayList<>();
  private String table = "";

  public BulkWrites(DynamoDbClient real) {
    this.real = real;
  }

  @Override
  public PutItemResponse putItem(PutItemRequest request) {
    table = request.tableName();
    rows.add(WriteRequest.builder().putRequest(put -> put.item(request.item())).build());
    if (rows.size() == ROWS_A_CALL) {
      write();
    }
    return PutItemResponse.builder().build();
  }

  private void write() {
    if (!real.batchWriteItem(r -> r.requestItems(Map.of(table, rows)))
        .unprocessedItems()
        .isEmpty()) {
      throw new IllegalStateException("the table did not take all rows");
    }
    rows.clear();
  }

  @Override
  public String serviceName() {
    return SERVICE_NAME;
  }

  /** Writes the rest; the real client stays open. */
  @Override
  public void close() {
    if (!rows.isEmpty()) {
      write();
    }
  }
}
