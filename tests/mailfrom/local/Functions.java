package mailfrom.local;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The functions, as API Gateway, the schedules and the console of the local cloud call them. */
public interface Functions extends AutoCloseable {
  /** Calls the function settings; an exception is a failed call. */
  APIGatewayV2HTTPResponse settings(APIGatewayV2HTTPEvent event);

  /**
   * Calls the function watch; an exception is a failed call.
   *
   * @return what the function returned, in a form that Jackson writes
   */
  @Nullable Object watch(Map<String, Object> event);

  /**
   * Calls the function page; an exception is a failed call.
   *
   * @param event JSON
   * @return JSON
   */
  String page(String event);

  @Override
  default void close() {}

  /** Makes the functions, each for the environment that the template gives it. */
  interface Factory {
    Functions make(
        Map<String, String> settings, Map<String, String> watch, Map<String, String> page);
  }
}
