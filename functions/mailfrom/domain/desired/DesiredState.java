package mailfrom.domain.desired;

import mailfrom.domain.ses.Settings;
import org.jspecify.annotations.Nullable;

/**
 * The newest desired settings of an identity, and how far they have come.
 *
 * @param version counts every PUT, from 1
 * @param reachedVersion the newest version that SES was read to have taken (staged: its first step)
 * @param everApplied whether a wanted MAIL FROM domain has reached SES since nothing was wanted
 * @param driftToldFor the settings of somebody else that DRIFT was told for
 */
public record DesiredState(
    Desired desired,
    long version,
    long reachedVersion,
    boolean everApplied,
    Progress progress,
    @Nullable Settings driftToldFor) {

  /** Whether live was not yet read equal to the newest version: a difference is ours to apply. */
  public boolean isPending() {
    return version > reachedVersion;
  }

  public boolean isRefused() {
    return progress.state() == Progress.State.REFUSED;
  }

  public DesiredState with(Progress newProgress) {
    return new DesiredState(
        desired, version, reachedVersion, everApplied, newProgress, driftToldFor);
  }

  /** Live was read equal to the newest version, or to its first step. */
  public DesiredState reached(Progress.State state) {
    return new DesiredState(
        desired, version, version, !desired.wantsNothing(), progress.with(state), driftToldFor);
  }

  /** A step before the wanted settings was set: what is left of them is still to be applied. */
  public DesiredState reopened() {
    return new DesiredState(
        desired,
        version,
        version - 1,
        everApplied,
        progress.with(Progress.State.QUEUED),
        driftToldFor);
  }

  public DesiredState withDriftToldFor(@Nullable Settings settings) {
    return new DesiredState(desired, version, reachedVersion, everApplied, progress, settings);
  }
}
