package mailfrom.local;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import mailfrom.api.SettingsHandler;
import mailfrom.watch.WatchHandler;

/** Both functions' handlers, called in this process. */
public record HandlersInProcess(
    RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> settings,
    RequestHandler<Map<String, Object>, Map<String, Object>> watch)
    implements Functions {
  private static final Duration SETTINGS_TIMEOUT = Duration.ofSeconds(29);
  private static final Duration WATCH_TIMEOUT = Duration.ofMinutes(15);

  /** The real handlers, each for its environment. */
  public static Functions of(Map<String, String> settings, Map<String, String> watch) {
    return new HandlersInProcess(new SettingsHandler(settings), new WatchHandler(watch));
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
}
