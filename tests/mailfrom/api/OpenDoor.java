package mailfrom.api;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import mailfrom.app.Configuration;
import mailfrom.app.InMemoryRegions;
import mailfrom.app.SettingsCalls;
import mailfrom.app.SilenceKeeping;

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
        new ApiConfig(configuration.account(), configuration.regions(), configuration.managed()));
  }
}
