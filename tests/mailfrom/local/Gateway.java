package mailfrom.local;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import java.io.ByteArrayOutputStream;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an HTTP API makes of a request before its function sees it: route, path decoded once,
 * payload 2.0.
 */
final class Gateway {
  /** Larger requests are refused. */
  static final int LARGEST_BODY = 10 << 20;

  /** Who calls, as IAM authorization would say. */
  static final String CALLER = "arn:aws:iam::" + LocalSns.ACCOUNT + ":user/local";

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ROOT).withZone(ZoneOffset.UTC);

  /** The routes of the template. */
  static final List<String> ROUTES =
      Template.read().render(Map.of(), Template.Names::any).routes("SettingsFunction");

  private Gateway() {}

  /**
   * A request as it came in.
   *
   * @param path not decoded
   * @param query not decoded; null when there is none
   */
  record Incoming(
      String method,
      String path,
      @Nullable String query,
      Map<String, List<String>> headers,
      ByteBuffer body,
      String sourceIp) {
    byte[] bytes() {
      byte[] bytes = new byte[body.remaining()];
      body.duplicate().get(bytes);
      return bytes;
    }
  }

  /** What becomes of a request. */
  sealed interface Routed {
    /** The function is called with this event. */
    record Call(APIGatewayV2HTTPEvent event) implements Routed {}

    /** The gateway answers by itself. */
    record Refused(int status, String message) implements Routed {}
  }

  private record Match(String route, Map<String, String> parameters) {}

  static Routed route(Incoming incoming, Instant now, String requestId) {
    if (incoming.body().remaining() > LARGEST_BODY) {
      return new Routed.Refused(413, "Request Entity Too Large");
    }
    String path;
    Optional<Match> match;
    try {
      path = decoded(incoming.path());
      match = match(incoming.method(), incoming.path());
    } catch (IllegalArgumentException e) {
      return new Routed.Refused(400, "Bad Request");
    }
    return match
        .<Routed>map(found -> new Routed.Call(event(incoming, path, found, now, requestId)))
        .orElseGet(() -> new Routed.Refused(404, "Not Found"));
  }

  private static Optional<Match> match(String method, String rawPath) {
    String[] actual = rawPath.split("/", -1);
    for (String route : ROUTES) {
      int space = route.indexOf(' ');
      String[] wanted = route.substring(space + 1).split("/", -1);
      if (route.substring(0, space).equals(method) && wanted.length == actual.length) {
        Map<String, String> parameters = new LinkedHashMap<>();
        if (fits(wanted, actual, parameters)) {
          return Optional.of(new Match(route, parameters));
        }
      }
    }
    return Optional.empty();
  }

  private static boolean fits(String[] wanted, String[] actual, Map<String, String> parameters) {
    for (int i = 0; i < wanted.length; i++) {
      if (wanted[i].startsWith("{")) {
        if (actual[i].isEmpty()) {
          return false;
        }
        parameters.put(wanted[i].substring(1, wanted[i].length() - 1), decoded(actual[i]));
      } else if (!wanted[i].equals(actual[i])) {
        return false;
      }
    }
    return true;
  }

  /** Undoes percent-encoding once; a plus sign stays one. */
  static String decoded(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
    byte[] raw = text.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < raw.length; i++) {
      if (raw[i] == '%') {
        if (i + 2 >= raw.length) {
          throw new IllegalArgumentException("half an escape at the end of " + text);
        }
        bytes.write(HexFormat.fromHexDigits(text(raw, i + 1, i + 3)));
        i += 2;
      } else {
        bytes.write(raw[i]);
      }
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private static String text(byte[] bytes, int from, int to) {
    return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
  }

  private static APIGatewayV2HTTPEvent event(
      Incoming incoming, String path, Match match, Instant now, String requestId) {
    Map<String, String> headers = new LinkedHashMap<>();
    incoming
        .headers()
        .forEach((name, values) -> headers.put(lower(name), String.join(",", values)));
    String cookies = headers.remove("cookie");
    byte[] bytes = incoming.bytes();
    boolean binary = binary(headers.get("content-type"), bytes);
    String body =
        binary
            ? Base64.getEncoder().encodeToString(bytes)
            : new String(bytes, StandardCharsets.UTF_8);
    Map<String, String> query = query(incoming.query());
    return APIGatewayV2HTTPEvent.builder()
        .withVersion("2.0")
        .withRouteKey(match.route())
        .withRawPath(path)
        .withRawQueryString(incoming.query() == null ? "" : incoming.query())
        // What is not there is left out, as in the real payload.
        .withCookies(cookies == null ? null : List.of(cookies.split("; *")))
        .withHeaders(headers)
        .withQueryStringParameters(query.isEmpty() ? null : query)
        .withPathParameters(match.parameters().isEmpty() ? null : match.parameters())
        .withBody(bytes.length == 0 ? null : body)
        .withIsBase64Encoded(binary)
        .withRequestContext(context(incoming, path, match, headers, now, requestId))
        .build();
  }

  private static APIGatewayV2HTTPEvent.RequestContext context(
      Incoming incoming,
      String path,
      Match match,
      Map<String, String> headers,
      Instant now,
      String requestId) {
    String host = headers.getOrDefault("host", "127.0.0.1");
    return APIGatewayV2HTTPEvent.RequestContext.builder()
        .withAccountId(LocalSns.ACCOUNT)
        .withApiId("local")
        .withDomainName(host)
        .withDomainPrefix("local")
        .withRequestId(requestId)
        .withRouteKey(match.route())
        .withStage("$default")
        .withTime(TIME.format(now))
        .withTimeEpoch(now.toEpochMilli())
        .withAuthorizer(
            APIGatewayV2HTTPEvent.RequestContext.Authorizer.builder()
                .withIam(
                    APIGatewayV2HTTPEvent.RequestContext.IAM
                        .builder()
                        .withAccessKey("local")
                        .withAccountId(LocalSns.ACCOUNT)
                        .withCallerId("local")
                        .withUserArn(CALLER)
                        .withUserId("local")
                        .build())
                .build())
        .withHttp(
            APIGatewayV2HTTPEvent.RequestContext.Http.builder()
                .withMethod(incoming.method())
                .withPath(path)
                .withProtocol("HTTP/1.1")
                .withSourceIp(incoming.sourceIp())
                .withUserAgent(headers.getOrDefault("user-agent", ""))
                .build())
        .build();
  }

  /** Text types go as text; everything else, and text that is not UTF-8, as base64. */
  private static boolean binary(@Nullable String contentType, byte[] body) {
    if (body.length == 0) {
      return false;
    }
    String type = contentType == null ? "text/plain" : lower(contentType).split(";", 2)[0].strip();
    boolean text =
        type.startsWith("text/")
            || type.equals("application/json")
            || type.equals("application/javascript")
            || type.equals("application/xml")
            || type.endsWith("+json")
            || type.endsWith("+xml");
    return !text || !isUtf8(body);
  }

  private static boolean isUtf8(byte[] body) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  /** Decoded once; the values of a name that comes twice are joined with commas. */
  private static Map<String, String> query(@Nullable String raw) {
    Map<String, String> parameters = new LinkedHashMap<>();
    if (raw != null) {
      for (String pair : raw.split("&", -1)) {
        if (!pair.isEmpty()) {
          int equals = pair.indexOf('=');
          String name = equals < 0 ? pair : pair.substring(0, equals);
          String value = equals < 0 ? "" : pair.substring(equals + 1);
          parameters.merge(formDecoded(name), formDecoded(value), (one, more) -> one + "," + more);
        }
      }
    }
    return parameters;
  }

  private static String formDecoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      // Half an escape stays what it is.
      return text;
    }
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }
}
