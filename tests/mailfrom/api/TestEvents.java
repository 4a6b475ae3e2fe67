package mailfrom.api;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Builds requests as API Gateway hands them over: payload 2.0, the path decoded once. */
public final class TestEvents {
  static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");
  static final String CALLER = "arn:aws:iam::123456789012:user/ada";

  private final String method;
  private final String path;
  private final Map<String, String> query = new HashMap<>();
  private final List<String> rawQuery = new ArrayList<>();
  private final Map<String, String> headers = new HashMap<>();
  private @Nullable String body;
  private boolean base64;
  private @Nullable String caller = CALLER;
  private Instant at = NOW;

  private TestEvents(String method, String path) {
    this.method = method;
    this.path = path;
  }

  public static TestEvents request(String method, String path) {
    return new TestEvents(method, path);
  }

  /** A PUT of a JSON body. */
  public static TestEvents put(String identity, String json) {
    return request("PUT", mailFrom(identity)).header("content-type", "application/json").body(json);
  }

  /** A GET of a path with its query, which is written as in a URL. */
  static TestEvents get(URI uri) {
    TestEvents get = request("GET", uri.getPath());
    if (uri.getQuery() != null) {
      for (String pair : uri.getQuery().split("&", -1)) {
        String[] parts = pair.split("=", 2);
        get.query(parts[0], parts[1]);
      }
    }
    return get;
  }

  public static TestEvents get(String identity) {
    return request("GET", mailFrom(identity));
  }

  static String mailFrom(String identity) {
    return "/v1/identities/" + identity + "/mail-from";
  }

  /** The other spelling of an identity in a path. */
  static String encoded(String identity) {
    return "~"
        + Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(identity.getBytes(StandardCharsets.UTF_8));
  }

  /** A parameter; given again, another value of it. */
  public TestEvents query(String name, String value) {
    query.merge(name, value, (one, more) -> one + "," + more);
    rawQuery.add(encodedForm(name) + "=" + encodedForm(value));
    return this;
  }

  private static String encodedForm(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  TestEvents header(String name, String value) {
    headers.put(name, value);
    return this;
  }

  TestEvents noHeader(String name) {
    headers.remove(name);
    return this;
  }

  TestEvents body(@Nullable String text) {
    body = text;
    return this;
  }

  /** A body that is said to be base64, as the gateway sends what is no text. */
  TestEvents base64(String text) {
    body = text;
    base64 = true;
    return this;
  }

  TestEvents caller(@Nullable String arn) {
    caller = arn;
    return this;
  }

  public TestEvents at(Instant time) {
    at = time;
    return this;
  }

  public APIGatewayV2HTTPEvent event() {
    APIGatewayV2HTTPEvent.RequestContext.Http http =
        new APIGatewayV2HTTPEvent.RequestContext.Http();
    http.setMethod(method);
    http.setPath(path);
    APIGatewayV2HTTPEvent.RequestContext context = new APIGatewayV2HTTPEvent.RequestContext();
    context.setHttp(http);
    context.setRequestId("request-1");
    context.setTimeEpoch(at.toEpochMilli());
    if (caller != null) {
      APIGatewayV2HTTPEvent.RequestContext.IAM iam = new APIGatewayV2HTTPEvent.RequestContext.IAM();
      iam.setUserArn(caller);
      APIGatewayV2HTTPEvent.RequestContext.Authorizer authorizer =
          new APIGatewayV2HTTPEvent.RequestContext.Authorizer();
      authorizer.setIam(iam);
      context.setAuthorizer(authorizer);
    }
    APIGatewayV2HTTPEvent event = new APIGatewayV2HTTPEvent();
    event.setVersion("2.0");
    event.setRawPath(path);
    event.setRequestContext(context);
    event.setHeaders(headers);
    event.setIsBase64Encoded(base64);
    event.setRawQueryString(String.join("&", rawQuery));
    // The gateway leaves out what there is none of.
    if (!query.isEmpty()) {
      event.setQueryStringParameters(query);
    }
    if (body != null) {
      event.setBody(body);
    }
    return event;
  }

  @Override
  public String toString() {
    return "%s %s %s %s %s".formatted(method, path, query, headers, body);
  }
}
