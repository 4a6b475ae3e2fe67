package mailfrom.priming;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URL;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Connections that go nowhere: behind them a table in memory, and an SES that knows every identity
 * and says next what was set last.
 */
final class CannedConnections implements Function<URI, HttpURLConnection> {
  private static final String SES =
      "<%1$sResponse xmlns=\"http://ses.amazonaws.com/doc/2010-12-01/\"><%1$sResult>%2$s</%1$sResult></%1$sResponse>";

  private final CannedTable table = new CannedTable();
  private final AtomicReference<String> mailFrom = new AtomicReference<>("");

  @Override
  public HttpURLConnection apply(URI uri) {
    try {
      // Loads the JDK's own connection, and does not connect.
      var _ = uri.toURL().openConnection();
      return new Connection(uri.toURL());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String answer(@Nullable String target, String form) {
    if (target != null) {
      return table.answer(target, form);
    }
    Map<String, String> parameters = new HashMap<>();
    for (String part : form.split("&", -1)) {
      String[] pair = part.split("=", 2);
      parameters.put(pair[0], URLDecoder.decode(pair[pair.length - 1], StandardCharsets.UTF_8));
    }
    String action = parameters.getOrDefault("Action", "");
    String identity = parameters.getOrDefault("Identities.member.1", "");
    return switch (action) {
      case "SetIdentityMailFromDomain" -> {
        mailFrom.set(parameters.getOrDefault("MailFromDomain", ""));
        yield SES.formatted(action, "");
      }
      case "GetIdentityMailFromDomainAttributes" ->
          SES.formatted(
              action,
              entry(
                  "MailFromDomainAttributes",
                  identity,
                  "<MailFromDomain>%s</MailFromDomain><MailFromDomainStatus>Pending</MailFromDomainStatus><BehaviorOnMXFailure>UseDefaultValue</BehaviorOnMXFailure>"
                      .formatted(mailFrom.get())));
      default ->
          SES.formatted(
              action,
              entry(
                  "VerificationAttributes",
                  identity,
                  "<VerificationStatus>Success</VerificationStatus>"));
    };
  }

  private static String entry(String name, String identity, String value) {
    return "<%1$s><entry><key>%2$s</key><value>%3$s</value></entry></%1$s>"
        .formatted(name, identity, value);
  }

  /** One call, answered by what was written to it. */
  private final class Connection extends HttpURLConnection {
    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
    private @Nullable InputStream answer;
    private @Nullable String target;

    Connection(URL url) {
      super(url);
    }

    @Override
    public void connect() {
      // A connection tells its request's headers before it is connected only.
      target = getRequestProperty("X-Amz-Target");
      connected = true;
    }

    @Override
    public void disconnect() {
      connected = false;
    }

    @Override
    public boolean usingProxy() {
      return false;
    }

    @Override
    public OutputStream getOutputStream() {
      return sent;
    }

    @Override
    public int getResponseCode() {
      return HTTP_OK;
    }

    @Override
    public Map<String, List<String>> getHeaderFields() {
      return Map.of("x-amzn-RequestId", List.of("rehearsal"));
    }

    @Override
    public InputStream getInputStream() {
      if (answer == null) {
        String form = sent.toString(StandardCharsets.UTF_8);
        String text = answer(target, form);
        answer = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
      }
      return answer;
    }

    @Override
    public @Nullable InputStream getErrorStream() {
      return null;
    }
  }
}
