package mailfrom.priming;

import com.amazonaws.services.lambda.runtime.ClientContext;
import com.amazonaws.services.lambda.runtime.CognitoIdentity;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.amazonaws.services.lambda.runtime.LambdaRuntime;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Optional;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import mailfrom.app.Configuration;
import mailfrom.app.pace.MachineClock;
import mailfrom.app.read.Dns;
import mailfrom.aws.Cloud;
import mailfrom.dns.DnsjavaDns;
import org.crac.Context;
import org.crac.Resource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is done before a snapshot is taken, so that it holds all that a first request needs: calls
 * go through a second function, from event to answer, whose SES, table and DNS answer inside of
 * this process, over connections of its loopback interface.
 *
 * <p>The one that answers callers is not touched by it: after a snapshot was restored it opens its
 * first connection, looks for credentials and asks for the resolvers as if it had just been made.
 */
public final class Rehearsal implements Resource {
  private static final Logger LOG = LoggerFactory.getLogger(Rehearsal.class);

  /** Often enough that the JVM has compiled what a request runs through. */
  private static final int TIMES = 40;

  /** Set by Lambda's runtime for each call: the SDK sends it on. */
  private static final String TRACE = "com.amazonaws.xray.traceHeader";

  /** It is no name server of others: it is asked as often as there is something to ask. */
  private static final int QUERIES_A_SECOND = 1_000_000;

  private static final String PUT = "PUT /v1/identities/{identity}/mail-from";
  private static final String GET = "GET /v1/identities/{identity}/mail-from";

  private final Function<Loopback, RequestStreamHandler> function;
  private final String region;
  private final RehearsalClock clock;

  private Rehearsal(
      Function<Loopback, RequestStreamHandler> function, String region, RehearsalClock clock) {
    this.function = function;
    this.region = region;
    this.clock = clock;
  }

  /** Makes the function around the adapters that it is given. */
  public interface Maker {
    RequestStreamHandler around(
        Configuration configuration, Cloud cloud, Dns dns, MachineClock clock);
  }

  /** The rehearsal of an installation; nothing happens yet. */
  public static Rehearsal of(Configuration configuration, Maker function) {
    RehearsalClock clock = new RehearsalClock();
    return new Rehearsal(
        loopback ->
            function.around(
                configuration.forRehearsal(),
                Cloud.of(configuration, loopback.environment(), clock),
                DnsjavaDns.of(Optional.of(loopback.nameServer()), QUERIES_A_SECOND),
                clock),
        configuration.regions().getFirst(),
        clock);
  }

  /** A rehearsal that fails makes a first request slower, and must not fail the deployment. */
  @Override
  public void beforeCheckpoint(Context<? extends Resource> context) {
    try {
      rehearse();
    } catch (RuntimeException e) {
      LOG.error("The rehearsal failed: the snapshot is taken without it", e);
    }
  }

  private void rehearse() {
    Cloud.warmUp();
    sayHello();
    System.setProperty(TRACE, "Root=1-00000000-000000000000000000000000;Sampled=0");
    try (Loopback loopback = new Loopback()) {
      RequestStreamHandler rehearsed = function.apply(loopback);
      for (int i = 0; i < TIMES; i++) {
        String identity = "rehearsal%d.example".formatted(i);
        // As often a name that works as one whose records are not there yet.
        String label = i % 2 == 0 ? CannedDns.NEW : "bounce";
        expect(200, rehearsed, put(identity, label + "." + identity));
        expect(200, rehearsed, event("GET", identity, GET, ""));
        expect(422, rehearsed, put(identity, "example.org"));
      }
      expect(200, rehearsed, event("GET", "", "GET /v1/openapi.yaml", ""));
    } finally {
      System.clearProperty(TRACE);
    }
  }

  @Override
  public void afterRestore(Context<? extends Resource> context) {
    // Nothing was opened, resolved or reserved before the snapshot: nothing is to be renewed.
  }

  private String put(String identity, String mailFromDomain) {
    return event("PUT", identity, PUT, "{\"mailFromDomain\":\"%s\"}".formatted(mailFromDomain));
  }

  private static void expect(int status, RequestStreamHandler function, String event) {
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    try {
      function.handleRequest(
          new ByteArrayInputStream(event.getBytes(StandardCharsets.UTF_8)), answer, new Call());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String text = answer.toString(StandardCharsets.UTF_8);
    if (!text.startsWith("{\"statusCode\":%d,".formatted(status))) {
      throw new IllegalStateException(
          "the rehearsal of %s was answered with %s".formatted(event, text));
    }
  }

  private String event(String method, String identity, String route, String body) {
    String path = route.substring(method.length() + 1).replace("{identity}", identity);
    return """
        {"version":"2.0","routeKey":"%s","rawPath":"%s","rawQueryString":"",
         "headers":{"content-type":"application/json"},
         "pathParameters":{"identity":"%s"},"queryStringParameters":{%s},
         "requestContext":{"requestId":"rehearsal","timeEpoch":%d,"http":{"method":"%s","path":"%s"},
          "authorizer":{"iam":{"userArn":"rehearsal"}}},
         "body":"%s","isBase64Encoded":false}
        """
        .formatted(
            route,
            path,
            identity,
            identity.isEmpty() ? "" : "\"region\":\"%s\"".formatted(region),
            clock.next().toEpochMilli(),
            method,
            path,
            body.replace("\"", "\\\""));
  }

  /** Makes the first message of a TLS connection, which loads what the others need too. */
  private static void sayHello() {
    try {
      SSLEngine engine = SSLContext.getDefault().createSSLEngine("rehearsal.example", 443);
      engine.setUseClientMode(true);
      engine.beginHandshake();
      var _ =
          engine.wrap(
              ByteBuffer.allocate(0),
              ByteBuffer.allocate(engine.getSession().getPacketBufferSize()));
    } catch (GeneralSecurityException | SSLException e) {
      throw new IllegalStateException("TLS cannot be spoken", e);
    }
  }

  /** What Lambda says of a call, as far as it is asked for. */
  private static final class Call implements com.amazonaws.services.lambda.runtime.Context {
    @Override
    public String getAwsRequestId() {
      return "rehearsal";
    }

    @Override
    public String getLogGroupName() {
      return "";
    }

    @Override
    public String getLogStreamName() {
      return "";
    }

    @Override
    public String getFunctionName() {
      return "rehearsal";
    }

    @Override
    public String getFunctionVersion() {
      return "";
    }

    @Override
    public String getInvokedFunctionArn() {
      return "";
    }

    @Override
    public @Nullable CognitoIdentity getIdentity() {
      return null;
    }

    @Override
    public @Nullable ClientContext getClientContext() {
      return null;
    }

    @Override
    public int getRemainingTimeInMillis() {
      return Integer.MAX_VALUE;
    }

    @Override
    public int getMemoryLimitInMB() {
      return 0;
    }

    @Override
    public LambdaLogger getLogger() {
      return LambdaRuntime.getLogger();
    }
  }
}
