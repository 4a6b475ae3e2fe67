package mailfrom.app.apply;

import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import mailfrom.app.pace.LeaseStore;
import mailfrom.app.pace.MachineClock;
import mailfrom.app.pace.Pace;
import mailfrom.app.pace.SesOperation;
import mailfrom.app.pace.Slot;
import mailfrom.app.store.IdentityWriter;
import mailfrom.domain.desired.DesiredState;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.name.IdentityKey;
import mailfrom.domain.ses.Settings;

/**
 * Callers who change one identity at once, in whatever process: of them, one waits in SES's line
 * for all, and sets what was asked for last.
 *
 * <ul>
 *   <li>Who waits holds the identity's lease, and whoever comes meanwhile takes no slot: they have
 *       recorded what they want, and look for what becomes of it.
 *   <li>A call is made by whoever reserved its slot, and by nobody else: never two in one slot.
 *   <li>When who waits dies, its lease ends with its request's time. What was recorded is in the
 *       queue of watch: that costs time, and nothing else.
 * </ul>
 */
public final class OneForAll {
  private static final Duration LOOKS_EVERY = Duration.ofSeconds(1);

  /** A call that began in time is still to be recorded. */
  private static final Duration TO_RECORD = Duration.ofSeconds(2);

  private final SettingsApplier applier;
  private final Pace pace;
  private final LeaseStore leases;
  private final MachineClock clock;
  private final IdentityWriter rows;

  public OneForAll(
      SettingsApplier applier,
      Pace pace,
      LeaseStore leases,
      MachineClock clock,
      IdentityWriter rows) {
    this.applier = applier;
    this.pace = pace;
    this.leases = leases;
    this.clock = clock;
    this.rows = rows;
  }

  /**
   * Sets what was asked for, or lets who waits already set it.
   *
   * @param newest what has to be set of a row to apply what it wants; empty: nothing has
   */
  public SettingsApplier.Outcome set(
      IdentityState planned,
      Settings settings,
      SettingsApplier.Attempt attempt,
      Function<IdentityState, Optional<Settings>> newest) {
    IdentityKey key = planned.key();
    Optional<Slot> free = pace.takeNow(key.region(), SesOperation.SET_MAIL_FROM);
    if (free.isPresent()) {
      return applier.set(planned, settings, attempt, free.get(), newest);
    }
    String lease = "%s/set/%s".formatted(key.region(), key.name());
    String owner = UUID.randomUUID().toString();
    IdentityState state = planned;
    while (!attempt.deadline().isOver()) {
      if (leases.hold(lease, owner, attempt.deadline().left().plus(TO_RECORD))) {
        try {
          return applier.set(planned, settings, attempt, null, newest);
        } finally {
          leases.release(lease, owner);
        }
      }
      clock.sleepUntil(attempt.deadline().atLatest(clock.now().plus(LOOKS_EVERY)));
      state = rows.known(key);
      if (newest.apply(state).isEmpty()) {
        return byOther(state);
      }
    }
    return new SettingsApplier.Outcome.NotCalled(state);
  }

  private static SettingsApplier.Outcome byOther(IdentityState state) {
    DesiredState asked = state.desiredState();
    String words = asked == null || !asked.isRefused() ? null : asked.progress().lastError();
    return words == null
        ? new SettingsApplier.Outcome.Done(state, false)
        : new SettingsApplier.Outcome.Refused(state, words);
  }
}
