package mailfrom.local;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import mailfrom.api.SettingsHandler;
import mailfrom.page.PageFunction;
import mailfrom.watch.WatchHandler;

/** The functions' handlers, called in this process. */
public record HandlersInProcess(
    RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> settings,
    RequestHandler<Map<String, Object>, Map<String, Object>> watch,
    RequestStreamHandler page)
    implements Functions {
  private static final Duration SETTINGS_TIMEOUT = Duration.ofSeconds(29);
  private static final Duration PAGE_TIMEOUT = Duration.ofSeconds(20);
  private static final Duration WATCH_TIMEOUT = Duration.ofMinutes(15);

  /** The real handlers, each for its environment. */
  public static Functions of(
      Map<String, String> settings, Map<String, String> watch, Map<String, String> page) {
    return new HandlersInProcess(
        new SettingsHandler(settings), new WatchHandler(watch), new PageFunction(page));
  }

  @Override
  public APIGatewayV2HTTPResponse settings(APIGatewayV2HTTPEvent event) {
    return settings.handleRequest(
        event, new LocalContext("settings", InstantSource.system(), SETTINGS_TIMEOUT));
  }

  @Override
  public Object watch(Map<String, Object> event) {
    return watch.handleRequest(
        event, new LocalContext("watch", InstantSource.system(), WATCH_TIMEOUT));
  }

  @Override
  public String page(String event) {
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    try {
      page.handleRequest(
          new ByteArrayInputStream(event.getBytes(StandardCharsets.UTF_8)),
          answer,
          new LocalContext("page", InstantSource.system(), PAGE_TIMEOUT));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return answer.toString(StandardCharsets.UTF_8);
  }
}
