package mailfrom.domain.identity;

import static mailfrom.domain.identity.TestingIdentity.T0;
import static mailfrom.domain.identity.TestingIdentity.key;
import static mailfrom.domain.identity.TestingIdentity.live;
import static mailfrom.domain.identity.TestingIdentity.settings;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import mailfrom.domain.desired.Activation;
import mailfrom.domain.desired.Desired;
import mailfrom.domain.desired.DesiredState;
import mailfrom.domain.dns.DnsView;
import mailfrom.domain.incident.Notice;
import mailfrom.domain.incident.Reason;
import mailfrom.domain.ses.Live;
import org.jspecify.annotations.Nullable;

/** Reads of one identity, each a number of minutes after T0, and what is owed after them. */
final class Steps {
  static final String BOUNCE = "bounce.example.com";
  static final Live SUCCESS = live(BOUNCE, "UseDefaultValue", "Success");
  static final Live PENDING = live(BOUNCE, "UseDefaultValue", "Pending");
  static final Live FAILED = live(BOUNCE, "UseDefaultValue", "Failed");
  static final Live LOST = live(BOUNCE, "UseDefaultValue", "TemporaryFailure");
  static final Live LOST_REJECTING = live(BOUNCE, "RejectMessage", "TemporaryFailure");
  static final EvaluationContext AROUND = TestingIdentity.around();

  private Steps() {}

  static Observation seen(int minute, @Nullable Live live) {
    return seen(minute, live, null);
  }

  static Observation seen(int minute, @Nullable Live live, @Nullable DnsView view) {
    Instant at = T0.plus(Duration.ofMinutes(minute));
    return new Observation(at, at, true, live, null, null, view);
  }

  static IdentityState step(IdentityState before, int minute, Live live) {
    return Evaluation.evaluate(before, seen(minute, live), AROUND);
  }

  static IdentityState step(IdentityState before, int minute, Live live, @Nullable DnsView view) {
    return Evaluation.evaluate(before, seen(minute, live, view), AROUND);
  }

  static IdentityState start() {
    return IdentityState.unseen(key("example.com"));
  }

  static List<Reason> told(IdentityState state) {
    return state.incidentState().owed().stream().map(Notice::reason).toList();
  }

  static IdentityState asked(String behavior, Activation activation, Live live) {
    Desired desired = new Desired(settings(BOUNCE, behavior), activation, Set.of(), Map.of());
    IdentityState seen = step(start(), 0, live);
    return seen.withDesired(DesiredState.asked(null, desired, "mia", T0));
  }

  static IdentityState asking(IdentityState state, Desired desired) {
    return state.withDesired(DesiredState.asked(state.desiredState(), desired, "mia", T0));
  }

  static Observation verified(int minute, boolean verified, Live live) {
    Instant at = T0.plus(Duration.ofMinutes(minute));
    return new Observation(at, at, verified, live, null, null, null);
  }
}
