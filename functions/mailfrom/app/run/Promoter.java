package mailfrom.app.run;

import java.time.Instant;
import mailfrom.app.apply.SettingsApplier;
import mailfrom.app.pace.EventTime;
import mailfrom.app.store.RegionState;
import mailfrom.app.store.RegionStore;
import mailfrom.app.text.RunTexts;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.incident.Notice;
import mailfrom.domain.incident.Reason;
import mailfrom.domain.incident.RunNotice;
import mailfrom.domain.incident.Severity;
import mailfrom.domain.ses.BehaviorOnMxFailure;
import mailfrom.domain.ses.Live;
import mailfrom.domain.ses.Settings;

/**
 * What follows a PROMOTE in a Region: one that reset Success is undone at once, and none comes
 * after it; after one that went well the others need not go alone.
 */
final class Promoter {
  private final RegionStore regions;
  private final SettingsApplier applier;
  private final EventTime time;

  Promoter(RegionStore regions, SettingsApplier applier, EventTime time) {
    this.regions = regions;
    this.applier = applier;
    this.time = time;
  }

  /** The identity after it, and its Region. */
  record Promoted(IdentityState state, RegionState region) {}

  /**
   * Looks at what SES made of a PROMOTE.
   *
   * @param after as it was read back
   * @param before what SES had before it
   * @param undoing the attempt that undoes it
   */
  Promoted promoted(IdentityState after, Live before, SettingsApplier.Attempt undoing) {
    String region = after.key().region();
    if (after.sesView().live().isSuccess()) {
      return new Promoted(
          after,
          regions.change(
              region, r -> r.with(new RegionState.Promoting(r.promoting().stopped(), true))));
    }
    RegionState stopped =
        regions.change(
            region,
            r ->
                r.promoting().stopped()
                    ? r
                    : r.with(new RegionState.Promoting(true, r.promoting().wentWell()))
                        .owing(stopped(after)));
    Settings back = new Settings(before.mailFromDomain(), BehaviorOnMxFailure.USE_DEFAULT_VALUE);
    return new Promoted(applier.set(after, back, undoing).state(), stopped);
  }

  private RunNotice stopped(IdentityState state) {
    Instant at = time.event();
    return new RunNotice(
        Notice.hash(state.key() + "|promoting stopped|" + at),
        Reason.HELD,
        Severity.WARNING,
        RunTexts.promotingStopped(state.key()),
        at);
  }
}
