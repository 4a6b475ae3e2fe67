package mailfrom.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import mailfrom.api.request.Request;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Held against Lambda's own reader and writer of events. */
class EventJsonTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private static Request ours(String json) throws IOException {
    return Request.of(
        EventJson.read(new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8))));
  }

  private static Request lambdas(String json) {
    return Request.of(
        LambdaEventSerializers.serializerFor(
                APIGatewayV2HTTPEvent.class, EventJsonTest.class.getClassLoader())
            .fromJson(json));
  }

  static List<Path> requests() throws IOException, URISyntaxException {
    Path folder = Path.of(EventJsonTest.class.getResource("/events").toURI());
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(
              file ->
                  !file.getFileName().toString().matches("(queue|page)-.*|schedule-(read|apply).*"))
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("requests")
  void aRequestIsReadAsLambdaReadsIt(Path file) throws IOException {
    String json = Files.readString(file);
    Request request = ours(json);
    assertEquals(lambdas(json), request);
    assertTrue(!request.method().isEmpty() && !request.path().isEmpty(), request::toString);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"requestContext\":{}}",
        "{\"requestContext\":null,\"headers\":null,\"body\":null,\"pathParameters\":null}",
        "{\"requestContext\":{\"http\":null,\"authorizer\":null,\"requestId\":null}}",
        "{\"requestContext\":{\"authorizer\":{\"iam\":null}}}",
        "{\"requestContext\":{\"authorizer\":{\"iam\":{\"userArn\":null}}}}",
        "{\"requestContext\":{\"authorizer\":{\"jwt\":{\"claims\":{\"iam\":\"x\"},\"scopes\":[\"a\"]}}}}",
        "{\"requestContext\":{\"timeEpoch\":1764064800123}}",
        "{\"headers\":{\"X-One\":\"1\",\"x-two\":\"\"},\"cookies\":[\"a=b\",\"c=d\"]}",
        "{\"stageVariables\":{\"rawPath\":\"no\",\"body\":\"no\"},\"rawPath\":\"/v1/ü/\\u00fc\"}",
        "{\"body\":\"{\\\"mailFromDomain\\\":\\\"b\\u00fc\\\\n\\\"}\"}",
        "{\"body\":\"eyJhIjoxfQ==\",\"isBase64Encoded\":true}",
        "{\"body\":\"no base64\",\"isBase64Encoded\":true}",
      })
  void whateverIsMissingOrMoreIsReadAsLambdaReadsIt(String json) throws IOException {
    assertEquals(lambdas(json), ours(json));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"rawPath\":", "{\"headers\":{\"a\"", "{rawPath}", "{\"body\":\"a"})
  void whatIsNotJsonIsNoEvent(String json) {
    assertThrows(JsonProcessingException.class, () -> ours(json));
  }

  @Test
  void anAnswerIsWrittenAsLambdaWritesIt() throws IOException {
    APIGatewayV2HTTPResponse answer =
        Answers.ok(
            "text/plain; charset=utf-8",
            "a \"body\"\n\u00fc \ud83d\ude80",
            Map.of("ETag", "\"1\""));
    ByteArrayOutputStream lambdas = new ByteArrayOutputStream();
    LambdaEventSerializers.serializerFor(
            APIGatewayV2HTTPResponse.class, EventJsonTest.class.getClassLoader())
        .toJson(answer, lambdas);
    JsonNode expected = JSON.readTree(lambdas.toByteArray());
    ((ObjectNode) expected).properties().removeIf(field -> field.getValue().isNull());
    ByteArrayOutputStream ours = new ByteArrayOutputStream();
    EventJson.write(answer, ours);
    assertEquals(expected, JSON.readTree(ours.toByteArray()));
  }
}
