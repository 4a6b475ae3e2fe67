package mailfrom.e2e;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import mailfrom.local.Functions;

/**
 * The functions as they are deployed: each in a process of its own, under Lambda's real runtime
 * interface client, from the folders that {@code sam build} made.
 */
record FunctionsInProcesses(RuntimeProcess settings, RuntimeProcess watch, RuntimeProcess page)
    implements Functions {
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(
                  JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  /** Starts all for an environment. */
  static Functions start(Path build, Map<String, String> environment) {
    RuntimeProcess settings =
        RuntimeProcess.packaged(
                build.resolve("SettingsFunction"), "mailfrom.api.SettingsFunction::handleRequest")
            .named("settings")
            .memory(1024)
            .timeout(Duration.ofSeconds(28))
            .env(environment)
            .start();
    RuntimeProcess watch =
        RuntimeProcess.packaged(
                build.resolve("WatchFunction"), "mailfrom.watch.WatchHandler::handleRequest")
            .named("watch")
            .memory(512)
            .timeout(Duration.ofMinutes(15))
            .env(environment)
            .start();
    RuntimeProcess page =
        RuntimeProcess.packaged(
                build.resolve("PageFunction"), "mailfrom.page.PageFunction::handleRequest")
            .named("page")
            .memory(1024)
            .timeout(Duration.ofSeconds(20))
            .env(environment)
            .start();
    return new FunctionsInProcesses(settings, watch, page);
  }

  @Override
  public APIGatewayV2HTTPResponse settings(APIGatewayV2HTTPEvent event) {
    return call(settings, event, APIGatewayV2HTTPResponse.class);
  }

  @Override
  public Object watch(Map<String, Object> event) {
    return call(watch, event, Map.class);
  }

  @Override
  public String page(String event) {
    return answered(page, event);
  }

  private static <T> T call(RuntimeProcess function, Object event, Class<T> answer) {
    try {
      return JSON.readValue(answered(function, JSON.writeValueAsString(event)), answer);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String answered(RuntimeProcess function, String event) {
    return switch (function.invoke(event)) {
      case Outcome.Answered(String body) -> body;
      case Outcome.Failed(String type, String body) -> throw failed(function, type + " " + body);
      case Outcome.NotStarted(String type, String body) ->
          throw failed(function, type + " " + body);
      case Outcome.Ended ended -> throw failed(function, "the process ended");
      case Outcome.TimedOut timedOut -> throw failed(function, "no answer in time");
    };
  }

  private static IllegalStateException failed(RuntimeProcess function, String what) {
    return new IllegalStateException(what + "\n" + function.log());
  }

  @Override
  public void close() {
    settings.close();
    watch.close();
    page.close();
  }
}
