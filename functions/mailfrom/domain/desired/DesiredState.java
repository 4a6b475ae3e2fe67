package mailfrom.domain.desired;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import mailfrom.domain.ses.Live;
import org.jspecify.annotations.Nullable;

/**
 * The newest desired settings of an identity, and how far they have come.
 *
 * @param version counts every PUT of other settings, from 1
 * @param reachedVersion the newest version that SES was read to have taken (staged: its first step)
 * @param everApplied whether a wanted MAIL FROM domain has reached SES since nothing was wanted
 * @param drift what somebody else put in its place; null while live is as asked for, or pending
 * @param driftsTold the drifts that were told, newest last: owners that take turns are told once
 */
public record DesiredState(
    Desired desired,
    long version,
    long reachedVersion,
    boolean everApplied,
    Progress progress,
    @Nullable Drift drift,
    List<Drift> driftsTold) {
  private static final int DRIFTS_KEPT = 6;

  public DesiredState {
    driftsTold = List.copyOf(driftsTold);
  }

  /** Asked for just now: the version after what was asked for before. */
  public static DesiredState asked(
      @Nullable DesiredState before, Desired desired, String by, Instant at) {
    Progress queued = Progress.queued(by, at);
    return before == null
        ? new DesiredState(desired, 1, 0, false, queued, null, List.of())
        : new DesiredState(
            desired,
            before.version + 1,
            before.reachedVersion,
            before.everApplied,
            queued,
            null,
            List.of());
  }

  /** Whether live was not yet read equal to the newest version: a difference is ours to apply. */
  public boolean isPending() {
    return version > reachedVersion;
  }

  public boolean isRefused() {
    return progress.state() == Progress.State.REFUSED;
  }

  /** Whether a MAIL FROM domain that was asked for has reached SES and is still wanted. */
  public boolean wasApplied() {
    return everApplied && !desired.wantsNothing();
  }

  public DesiredState with(Progress newProgress) {
    return new DesiredState(
        desired, version, reachedVersion, everApplied, newProgress, drift, driftsTold);
  }

  public DesiredState with(Progress.State state) {
    return with(progress.with(state));
  }

  /** The same settings with what is no setting of SES: labels, and what was accepted. */
  public DesiredState annotated(Desired as) {
    return new DesiredState(as, version, reachedVersion, everApplied, progress, drift, driftsTold);
  }

  /** Live was read equal to the newest version, or to its first step. */
  public DesiredState reached(Progress.State state) {
    return new DesiredState(
        desired,
        version,
        version,
        !desired.wantsNothing(),
        progress.with(state),
        drift,
        driftsTold);
  }

  /**
   * How far it has come, by what is still to be done. Nothing, or only to promote it, means that
   * SES was read to have taken it.
   */
  public DesiredState after(Plan plan) {
    return switch (plan) {
      case Plan.Nothing(Plan.Why why) ->
          why == Plan.Why.ALREADY_SO ? reached(Progress.State.APPLIED) : this;
      case Plan.Wait wait ->
          switch (wait.action()) {
            case APPLY -> with(wait.state());
            case PROMOTE -> reached(wait.state());
            case RESTART, REPAIR -> this;
          };
      case Plan.Call call ->
          switch (call.action()) {
            case APPLY ->
                progress.state() == Progress.State.WAITING_FOR_DNS
                    ? with(Progress.State.QUEUED)
                    : this;
            case PROMOTE -> reached(Progress.State.WAITING_FOR_DNS);
            case RESTART, REPAIR -> this;
          };
    };
  }

  /**
   * After its setup was started again, which is done with UseDefaultValue. A wanted RejectMessage
   * follows as its activation says: staged by a promotion, otherwise by applying what is left.
   */
  public DesiredState startedAgain(Live live) {
    boolean restIsLeft =
        !isPending()
            && desired.activation() != Activation.STAGED
            && desired.settings().domainEquals(live.mailFromDomain())
            && !desired.settings().equals(live.settings());
    return restIsLeft
        ? new DesiredState(
            desired,
            version,
            version - 1,
            everApplied,
            progress.with(Progress.State.QUEUED),
            drift,
            driftsTold)
        : this;
  }

  /** What somebody else put in its place; null: nothing. */
  public DesiredState drifted(@Nullable Drift seen) {
    return new DesiredState(
        desired, version, reachedVersion, everApplied, progress, seen, driftsTold);
  }

  /** A drift is told. */
  public DesiredState driftTold(Drift told) {
    List<Drift> more = new ArrayList<>(driftsTold);
    more.removeIf(known -> known.live().sameAs(told.live()));
    more.add(told);
    return new DesiredState(
        desired,
        version,
        reachedVersion,
        everApplied,
        progress,
        told,
        more.subList(Math.max(more.size() - DRIFTS_KEPT, 0), more.size()));
  }
}
