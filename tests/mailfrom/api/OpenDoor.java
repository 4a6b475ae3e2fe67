package mailfrom.api;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import java.util.List;
import java.util.Map;
import mailfrom.app.Configuration;
import mailfrom.app.InMemoryRegions;
import mailfrom.app.SettingsCalls;
import mailfrom.app.SilenceKeeping;
import mailfrom.app.TestAlertCalls;

/** The real handler in front of a use case that somebody else wired: for measurements. */
public final class OpenDoor {
  private OpenDoor() {}

  /** The handler for an installation. */
  public static RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> to(
      SettingsCalls calls, Configuration configuration) {
    return new SettingsHandler(
        calls,
        new FakeBatchCalls(),
        new SilenceKeeping(new InMemoryRegions(), () -> "s1"),
        caller -> new TestAlertCalls.Outcome.AllSent(List.of(), Map.of()),
        new ApiConfig(configuration.account(), configuration.regions(), configuration.managed()));
  }
}
