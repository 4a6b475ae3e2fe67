package mailfrom.e2e;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import mailfrom.local.Functions;
import mailfrom.local.Template;

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

  /** Starts all, each with the handler, memory, timeout and log format of the template. */
  static Functions start(
      Path build,
      Map<String, String> settings,
      Map<String, String> watch,
      Map<String, String> page) {
    return new FunctionsInProcesses(
        process(build, "SettingsFunction", settings),
        process(build, "WatchFunction", watch),
        process(build, "PageFunction", page));
  }

  private static RuntimeProcess process(
      Path build, String function, Map<String, String> environment) {
    JsonNode properties =
        JSON.valueToTree(
            Template.read().render(Map.of(), Template.Names::any).properties(function));
    return RuntimeProcess.packaged(build.resolve(function), properties.path("Handler").asText())
        .named(function)
        .memory(properties.path("MemorySize").asInt())
        .timeout(Duration.ofSeconds(properties.path("Timeout").asLong()))
        .env("AWS_LAMBDA_LOG_FORMAT", properties.path("LoggingConfig").path("LogFormat").asText())
        .env(
            "AWS_LAMBDA_LOG_LEVEL",
            properties.path("LoggingConfig").path("ApplicationLogLevel").asText())
        .env(environment)
        .start();
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
