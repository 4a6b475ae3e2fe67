package mailfrom.priming;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import mailfrom.aws.Table;

/**
 * A DynamoDB that finds an item by its key and nothing by a query, and lets every write succeed.
 * Answers in the form of the protocol.
 */
public final class CannedTable {
  private static final ObjectMapper JSON = JsonMapper.builder().build();

  private final Map<JsonNode, JsonNode> items = new ConcurrentHashMap<>();

  /**
   * Answers a call.
   *
   * @param target the header X-Amz-Target, which ends with the operation
   */
  public String answer(String target, String body) {
    JsonNode request;
    try {
      request = JSON.readTree(body);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not a call of DynamoDB: " + body, e);
    }
    return switch (target.substring(target.indexOf('.') + 1)) {
      case "GetItem" -> {
        JsonNode item = items.get(key(request.path("Key")));
        yield item == null ? "{}" : JSON.createObjectNode().set("Item", item).toString();
      }
      case "Query" -> "{\"Items\":[],\"Count\":0,\"ScannedCount\":0}";
      case "PutItem" -> put(request);
      case "TransactWriteItems" -> {
        request.path("TransactItems").forEach(part -> put(part.path("Put")));
        yield "{}";
      }
      default -> "{}";
    };
  }

  private String put(JsonNode put) {
    JsonNode item = put.path("Item");
    items.put(key(item), item);
    return "{}";
  }

  private static JsonNode key(JsonNode item) {
    return JSON.createArrayNode().add(item.path(Table.PK)).add(item.path(Table.SK));
  }
}
