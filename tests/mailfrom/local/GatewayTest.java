package mailfrom.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GatewayTest {
  private static final Instant NOW = Instant.parse("2026-11-24T10:00:00.123Z");

  private static Gateway.Routed route(
      String method, String path, @Nullable String query, String contentType, byte[] body) {
    return Gateway.route(
        new Gateway.Incoming(
            method,
            path,
            query,
            Map.of(
                "Content-type", List.of(contentType),
                "X-many", List.of("a", "b"),
                "Cookie", List.of("one=1; two=2")),
            ByteBuffer.wrap(body),
            "127.0.0.1"),
        NOW,
        "id-1");
  }

  private static APIGatewayV2HTTPEvent event(String method, String path, @Nullable String query) {
    return assertInstanceOf(
            Gateway.Routed.Call.class, route(method, path, query, "text/plain", new byte[0]))
        .event();
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          /v1/identities/example.com/mail-from          | example.com
          /v1/identities/a+b@example.com/mail-from      | a+b@example.com
          /v1/identities/a%2Bb%40example.com/mail-from  | a+b@example.com
          /v1/identities/%2541/mail-from                | %41
          /v1/identities/a%2Fb/mail-from                | a/b
          /v1/identities/b%C3%BCro@example.com/mail-from| büro@example.com
          """,
      delimiter = '|')
  void thePathIsDecodedOnce(String path, String identity) {
    APIGatewayV2HTTPEvent event = event("GET", path, null);
    assertEquals(Map.of("identity", identity), event.getPathParameters());
    assertEquals("/v1/identities/" + identity + "/mail-from", event.getRawPath());
    assertEquals("GET /v1/identities/{identity}/mail-from", event.getRouteKey());
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          GET   | /v1/nothing                       | 404
          PATCH | /v1/identities/a/mail-from        | 404
          GET   | /v1/identities//mail-from         | 404
          GET   | /v1/identities/a/b/mail-from      | 404
          GET   | /v1/identities/                   | 404
          GET   | /v1/identities/%4/mail-from       | 400
          GET   | /v1/identities/%zz/mail-from      | 400
          """,
      delimiter = '|')
  void whatIsNoRouteIsAnsweredByTheGateway(String method, String path, int status) {
    assertEquals(
        status,
        assertInstanceOf(
                Gateway.Routed.Refused.class, route(method, path, null, "text/plain", new byte[0]))
            .status());
  }

  @Test
  void aQueryParameterThatComesTwiceIsJoinedWithACommaAndTheRawQueryIsKept() {
    APIGatewayV2HTTPEvent event = event("GET", "/v1/identities", "q=a%20b&effect=X&effect=Y&dry");
    assertEquals(Map.of("q", "a b", "effect", "X,Y", "dry", ""), event.getQueryStringParameters());
    assertEquals("q=a%20b&effect=X&effect=Y&dry", event.getRawQueryString());
  }

  @Test
  void headersAreLowerCaseAndJoinedAndCookiesApart() {
    APIGatewayV2HTTPEvent event = event("GET", "/v1/identities", null);
    assertEquals(Map.of("content-type", "text/plain", "x-many", "a,b"), event.getHeaders());
    assertEquals(List.of("one=1", "two=2"), event.getCookies());
    assertNull(event.getBody());
    assertNull(event.getQueryStringParameters());
  }

  @Test
  void theContextSaysWhoCallsAndWhen() {
    APIGatewayV2HTTPEvent.RequestContext context =
        event("GET", "/v1/identities", null).getRequestContext();
    assertEquals(NOW.toEpochMilli(), context.getTimeEpoch());
    assertEquals("24/Nov/2026:10:00:00 +0000", context.getTime());
    assertEquals("id-1", context.getRequestId());
    assertEquals("GET", context.getHttp().getMethod());
    assertEquals("127.0.0.1", context.getHttp().getSourceIp());
    assertEquals(
        "arn:aws:iam::123456789012:user/local", context.getAuthorizer().getIam().getUserArn());
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          application/json                  | false
          application/json; charset=utf-8   | false
          application/problem+json          | false
          text/csv                          | false
          application/x-www-form-urlencoded | true
          application/octet-stream          | true
          """,
      delimiter = '|')
  void onlyTextTypesComeAsText(String contentType, boolean base64) {
    byte[] body = "{}".getBytes(StandardCharsets.UTF_8);
    APIGatewayV2HTTPEvent event =
        assertInstanceOf(
                Gateway.Routed.Call.class,
                route("PUT", "/v1/identities/a/mail-from", null, contentType, body))
            .event();
    assertEquals(base64, event.getIsBase64Encoded());
    assertEquals(base64 ? "e30=" : "{}", event.getBody());
  }

  @Test
  void bytesThatAreNotUtf8ArriveUnchanged() {
    APIGatewayV2HTTPEvent event =
        assertInstanceOf(
                Gateway.Routed.Call.class,
                route(
                    "PUT",
                    "/v1/identities/a/mail-from",
                    null,
                    "application/json",
                    new byte[] {(byte) 0xff}))
            .event();
    assertTrue(event.getIsBase64Encoded());
    assertEquals("/w==", event.getBody());
  }
}
