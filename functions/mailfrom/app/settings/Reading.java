package mailfrom.app.settings;

import java.time.Duration;
import mailfrom.app.pace.Deadline;
import mailfrom.app.pace.Pace;
import mailfrom.app.pace.SesOperation;
import mailfrom.app.read.ConfirmedReader;
import mailfrom.app.read.SesReader;
import mailfrom.app.settings.SettingsApi.Outcome;
import mailfrom.app.store.ContextReader;
import mailfrom.domain.identity.Caller;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.name.IdentityKey;

/** Reads the one identity that a request is about. */
record Reading(ConfirmedReader reader, ContextReader contexts, Pace pace) {
  /** Less is not worth coming back for: the line is as long as the others have made it by then. */
  private static final Duration COME_BACK_AFTER_AT_LEAST = Duration.ofSeconds(1);

  SesReader.Read of(IdentityState stored, Caller caller, Deadline deadline) {
    return reader.read(stored, contexts.canary(stored.key().region()), caller.at(), deadline);
  }

  /** When to come back: when the turn would come. */
  Outcome couldNotAsk(IdentityKey key) {
    Duration wait = pace.untilFree(key.region(), SesOperation.GET_MAIL_FROM);
    return new Outcome.CouldNotAskSes(
        wait.compareTo(COME_BACK_AFTER_AT_LEAST) < 0 ? COME_BACK_AFTER_AT_LEAST : wait);
  }
}
