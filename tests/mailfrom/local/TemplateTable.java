package mailfrom.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.Projection;
import software.amazon.awssdk.services.dynamodb.model.UpdateTimeToLiveRequest;

/** The table of the template, as a call to DynamoDB makes it: keys, indexes, time to live. */
public record TemplateTable(JsonNode properties) {
  /** The name that the template has for it. */
  public static final String LOGICAL_ID = "StateTable";

  /** The one that is deployed. */
  public static TemplateTable read() {
    return of(Template.read());
  }

  static TemplateTable of(Template template) {
    return new TemplateTable(
        JsonMapper.builder()
            .build()
            .valueToTree(template.render(Map.of(), Template.Names::any).properties(LOGICAL_ID)));
  }

  /** The call that makes it. */
  public CreateTableRequest request(String name) {
    CreateTableRequest.Builder request =
        CreateTableRequest.builder()
            .tableName(name)
            .billingMode(properties.path("BillingMode").asText())
            .keySchema(keys(properties))
            .attributeDefinitions(
                items(properties.path("AttributeDefinitions"))
                    .map(
                        one ->
                            AttributeDefinition.builder()
                                .attributeName(one.path("AttributeName").asText())
                                .attributeType(one.path("AttributeType").asText())
                                .build())
                    .toList());
    List<GlobalSecondaryIndex> indexes =
        items(properties.path("GlobalSecondaryIndexes")).map(TemplateTable::index).toList();
    if (!indexes.isEmpty()) {
      request.globalSecondaryIndexes(indexes);
    }
    return request.build();
  }

  /** The call after it, which lets rows end; empty when the template has none end. */
  public Optional<UpdateTimeToLiveRequest> timeToLive(String name) {
    JsonNode ttl = properties.path("TimeToLiveSpecification");
    return ttl.path("Enabled").asBoolean()
        ? Optional.of(
            UpdateTimeToLiveRequest.builder()
                .tableName(name)
                .timeToLiveSpecification(
                    to -> to.attributeName(ttl.path("AttributeName").asText()).enabled(true))
                .build())
        : Optional.empty();
  }

  private static GlobalSecondaryIndex index(JsonNode index) {
    JsonNode projection = index.path("Projection");
    Projection.Builder projected =
        Projection.builder().projectionType(projection.path("ProjectionType").asText());
    if (projection.has("NonKeyAttributes")) {
      projected.nonKeyAttributes(
          items(projection.path("NonKeyAttributes")).map(JsonNode::asText).toList());
    }
    return GlobalSecondaryIndex.builder()
        .indexName(index.path("IndexName").asText())
        .keySchema(keys(index))
        .projection(projected.build())
        .build();
  }

  private static List<KeySchemaElement> keys(JsonNode of) {
    return items(of.path("KeySchema"))
        .map(
            one ->
                KeySchemaElement.builder()
                    .attributeName(one.path("AttributeName").asText())
                    .keyType(one.path("KeyType").asText())
                    .build())
        .toList();
  }

  private static Stream<JsonNode> items(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false);
  }
}
