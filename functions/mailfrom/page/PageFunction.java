package mailfrom.page;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Map;
import mailfrom.app.Configuration;
import mailfrom.app.pace.SystemMachineClock;
import mailfrom.app.settings.Fleet;
import mailfrom.aws.Cloud;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import software.amazon.lambda.powertools.logging.PowertoolsLogging;
import software.amazon.lambda.powertools.logging.argument.StructuredArguments;

/**
 * The function page: answers a custom widget of a CloudWatch dashboard with HTML, as one text of
 * JSON. It reads the table and changes nothing.
 */
public final class PageFunction implements RequestStreamHandler {
  private static final Logger LOG = LoggerFactory.getLogger(PageFunction.class);
  private static final JsonFactory JSON = new JsonFactory();
  private static final String DOCUMENTATION = "describe.md";

  private final Pages pages;

  /** Wired from the environment, in the init phase. */
  public PageFunction() {
    this(System.getenv());
  }

  /** Wired from an environment; no connection is opened. */
  public PageFunction(Map<String, String> environment) {
    this(sources(environment), InstantSource.system());
  }

  PageFunction(Sources sources, InstantSource machine) {
    this.pages = new Pages(sources, machine);
  }

  private static Sources sources(Map<String, String> environment) {
    Configuration configuration = Configuration.of(environment);
    Cloud cloud = Cloud.of(configuration, environment, new SystemMachineClock());
    return new Sources(
        configuration.account(),
        configuration.regions(),
        configuration.links(),
        configuration.policy(),
        new Fleet(
            cloud.identities(),
            cloud.regions(),
            configuration.regions(),
            configuration.policy(),
            configuration.paused()),
        cloud.identities(),
        cloud.regions(),
        cloud.batches());
  }

  @Override
  public void handleRequest(InputStream event, OutputStream answer, Context context)
      throws IOException {
    WidgetCall call = WidgetCall.read(event);
    String text = PowertoolsLogging.withLogging(context, () -> answer(call, context));
    try (JsonGenerator json = JSON.createGenerator(answer)) {
      json.writeString(text);
    }
  }

  private String answer(WidgetCall call, Context context) {
    MDC.put("correlation_id", context.getAwsRequestId());
    if (call.describe()) {
      return documentation();
    }
    String endpoint = context.getInvokedFunctionArn();
    try {
      String html = pages.draw(call, endpoint);
      LOG.info("Drawn", StructuredArguments.entry("characters", html.length()));
      return html;
    } catch (RuntimeException e) {
      // The console would show what is thrown: a person gets a box, and the log the reason.
      LOG.error("The view could not be drawn", e);
      return Pages.failed(call, endpoint, context.getAwsRequestId());
    }
  }

  private static String documentation() {
    try (InputStream in = PageFunction.class.getResourceAsStream(DOCUMENTATION)) {
      if (in == null) {
        throw new IllegalStateException(DOCUMENTATION + " is not on the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
