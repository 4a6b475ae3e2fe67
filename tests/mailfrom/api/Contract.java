package mailfrom.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/** openapi.yaml, which every answer of the handler is held against. */
final class Contract {
  private static final List<String> METHODS = List.of("get", "put", "post", "delete");

  private final JsonNode document;
  private final JsonMapper json = new JsonMapper();
  private final Map<JsonNode, JsonSchema> schemas = new ConcurrentHashMap<>();

  Contract() {
    try (InputStream yaml = SettingsHandler.class.getResourceAsStream("openapi.yaml")) {
      document = new YAMLMapper().readTree(yaml);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  JsonNode document() {
    return document;
  }

  /** All routes, as method and path. */
  Set<String> routes() {
    Set<String> routes = new TreeSet<>();
    document
        .get("paths")
        .properties()
        .forEach(
            path ->
                METHODS.stream()
                    .filter(path.getValue()::has)
                    .forEach(
                        method ->
                            routes.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));
    return routes;
  }

  /** Fails unless the answer is one that the contract has for the request. */
  void check(String method, String path, APIGatewayV2HTTPResponse answer) {
    JsonNode response =
        switch (Route.find(method, path)) {
          case Route.Match.Found found ->
              document
                  .get("paths")
                  .get(found.route().path())
                  .get(method.toLowerCase(Locale.ROOT))
                  .get("responses")
                  .path(Integer.toString(answer.getStatusCode()));
          case Route.Match.WrongMethod wrong ->
              document.at("/components/responses/MethodNotAllowed");
          case Route.Match.NoSuchPath none -> document.at("/components/responses/NoSuchPath");
        };
    assertFalse(
        response.isMissingNode(),
        () -> "no answer " + answer.getStatusCode() + " in the contract: " + answer.getBody());
    response = resolved(response);
    checkHeaders(response, answer);
    String mediaType = answer.getHeaders().getOrDefault("Content-Type", "none").split(";", -1)[0];
    JsonNode content = response.get("content").get(mediaType);
    assertNotNull(content, () -> "no media type " + mediaType + " in the contract");
    if (mediaType.endsWith("json")) {
      JsonNode body = read(answer.getBody());
      assertEquals(Set.of(), problems(content.get("schema"), body), body::toPrettyString);
      if (answer.getStatusCode() >= 400) {
        assertEquals(answer.getStatusCode(), body.get("status").intValue());
      }
    }
  }

  private void checkHeaders(JsonNode response, APIGatewayV2HTTPResponse answer) {
    Set<String> sent = new HashSet<>(answer.getHeaders().keySet());
    assertTrue(sent.remove("Content-Type"));
    for (Map.Entry<String, JsonNode> header : response.get("headers").properties()) {
      JsonNode definition = resolved(header.getValue());
      String value = answer.getHeaders().get(header.getKey());
      sent.remove(header.getKey());
      if (value == null) {
        assertFalse(definition.path("required").asBoolean(), header.getKey() + " is missing");
      } else {
        JsonNode text = JsonNodeFactory.instance.textNode(value);
        assertEquals(Set.of(), problems(definition.get("schema"), text), header.getKey());
      }
    }
    assertEquals(Set.of(), sent, "headers that are not in the contract");
  }

  /** What a schema of the document finds wrong with a value. */
  Set<String> problems(JsonNode schema, JsonNode value) {
    Set<String> messages = new TreeSet<>();
    schemas
        .computeIfAbsent(schema, this::compiled)
        .validate(value)
        .forEach(message -> messages.add(message.getMessage()));
    return messages;
  }

  private JsonSchema compiled(JsonNode schema) {
    ObjectNode whole = JsonNodeFactory.instance.objectNode();
    whole.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    whole.set("components", document.get("components"));
    whole.putArray("allOf").add(schema);
    return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
        .getSchema(whole, SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build());
  }

  /** What a reference stands for; anything else as it is. */
  JsonNode resolved(JsonNode node) {
    return node.has("$ref") ? document.at(node.get("$ref").textValue().substring(1)) : node;
  }

  JsonNode read(String text) {
    try {
      return json.readTree(text);
    } catch (IOException e) {
      throw new AssertionError(text, e);
    }
  }
}
