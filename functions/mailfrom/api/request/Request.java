package mailfrom.api.request;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A request as API Gateway's payload 2.0 holds it, with nothing missing.
 *
 * @param path decoded once, by the gateway
 * @param query decoded once: the values of each parameter, in the order in which they came
 * @param headers by lower-case name
 * @param callerArn null when the gateway did not say who calls
 * @param at the request's own time
 * @param id the gateway's id of the request
 */
public record Request(
    String method,
    String path,
    Map<String, List<String>> query,
    Map<String, String> headers,
    Body body,
    @Nullable String callerArn,
    Instant at,
    String id) {

  /** The body of a request. */
  public sealed interface Body {
    int bytes();

    /** Text in UTF-8; empty when there is no body. */
    record Text(String text, int bytes) implements Body {}

    /** Bytes that are not UTF-8, or not the base64 that they are said to be. */
    record NotText(int bytes) implements Body {}
  }

  public static Request of(APIGatewayV2HTTPEvent event) {
    APIGatewayV2HTTPEvent.RequestContext context =
        event.getRequestContext() == null
            ? new APIGatewayV2HTTPEvent.RequestContext()
            : event.getRequestContext();
    APIGatewayV2HTTPEvent.RequestContext.Http http = context.getHttp();
    Map<String, String> headers = new HashMap<>();
    orEmpty(event.getHeaders())
        .forEach((name, value) -> headers.put(name.toLowerCase(Locale.ROOT), value));
    return new Request(
        http == null || http.getMethod() == null ? "" : http.getMethod(),
        event.getRawPath() == null ? "" : event.getRawPath(),
        query(event),
        headers,
        body(event),
        callerArn(context),
        Instant.ofEpochMilli(context.getTimeEpoch()),
        context.getRequestId() == null ? "" : context.getRequestId());
  }

  public Optional<String> header(String lowerCaseName) {
    return Optional.ofNullable(headers.get(lowerCaseName));
  }

  private static Map<String, String> orEmpty(@Nullable Map<String, String> map) {
    return map == null ? Map.of() : map;
  }

  /** The gateway joins what comes twice with commas, which a value may have: so by the raw text. */
  private static Map<String, List<String>> query(APIGatewayV2HTTPEvent event) {
    Map<String, List<String>> query = new LinkedHashMap<>();
    String raw = event.getRawQueryString();
    if (raw == null || raw.isEmpty()) {
      orEmpty(event.getQueryStringParameters())
          .forEach((name, value) -> query.put(name, List.of(value)));
      return query;
    }
    for (String pair : raw.split("&", -1)) {
      if (!pair.isEmpty()) {
        String[] parts = pair.split("=", 2);
        query
            .computeIfAbsent(decoded(parts[0]), name -> new ArrayList<>())
            .add(parts.length == 1 ? "" : decoded(parts[1]));
      }
    }
    return query;
  }

  /** What is not encoded as a form is stays as it is. */
  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return text;
    }
  }

  private static @Nullable String callerArn(APIGatewayV2HTTPEvent.RequestContext context) {
    APIGatewayV2HTTPEvent.RequestContext.Authorizer authorizer = context.getAuthorizer();
    return authorizer == null || authorizer.getIam() == null
        ? null
        : authorizer.getIam().getUserArn();
  }

  private static Body body(APIGatewayV2HTTPEvent event) {
    String body = event.getBody();
    if (body == null) {
      return new Body.Text("", 0);
    }
    if (!event.getIsBase64Encoded()) {
      return new Body.Text(body, body.getBytes(StandardCharsets.UTF_8).length);
    }
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(body);
    } catch (IllegalArgumentException e) {
      return new Body.NotText(body.length());
    }
    return utf8(bytes)
        .<Body>map(text -> new Body.Text(text, bytes.length))
        .orElseGet(() -> new Body.NotText(bytes.length));
  }

  /**
   * The text in UTF-8 that unpadded base64url stands for; empty when it is none. One text has one
   * spelling: no padding, no loose bits at the end.
   */
  static Optional<String> base64Url(String base64) {
    byte[] bytes;
    try {
      bytes = Base64.getUrlDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    boolean canonical =
        Base64.getUrlEncoder().withoutPadding().encodeToString(bytes).equals(base64);
    return canonical ? utf8(bytes) : Optional.empty();
  }

  /** The text of bytes in UTF-8; empty when they are not. */
  private static Optional<String> utf8(byte[] bytes) {
    try {
      return Optional.of(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }
}
