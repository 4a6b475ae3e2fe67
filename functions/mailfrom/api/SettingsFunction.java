package mailfrom.api;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import mailfrom.app.Configuration;
import mailfrom.app.settings.ManagedPatterns;
import mailfrom.priming.Rehearsal;
import org.crac.Core;
import org.jspecify.annotations.Nullable;

/** The function settings as Lambda starts it and hands events to. */
public final class SettingsFunction implements RequestStreamHandler {
  private final SettingsHandler handler;

  /** The platform's list of hooks may hold it weakly. */
  private @Nullable Rehearsal rehearsal;

  /** Wired from the environment, in the init phase: a snapshot holds it. */
  public SettingsFunction() {
    this(new SettingsHandler(System.getenv()));
    if ("snap-start".equals(System.getenv("AWS_LAMBDA_INITIALIZATION_TYPE"))) {
      rehearsal = rehearsal(Configuration.of(System.getenv()));
      Core.getGlobalContext().register(rehearsal);
    }
  }

  SettingsFunction(SettingsHandler handler) {
    this.handler = handler;
  }

  /** What is rehearsed before a snapshot: this function, around other adapters. */
  static Rehearsal rehearsal(Configuration installation) {
    return Rehearsal.of(
        installation,
        (configuration, cloud, dns, clock) -> {
          // Whatever may be changed, a request can be rehearsed.
          cloud.managed().keep(new ManagedPatterns.Texts("*", ""));
          return new SettingsFunction(new SettingsHandler(configuration, cloud, dns, clock));
        });
  }

  @Override
  public void handleRequest(InputStream event, OutputStream answer, Context context)
      throws IOException {
    EventJson.write(handler.handleRequest(EventJson.read(event), context), answer);
  }
}
