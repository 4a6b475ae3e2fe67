package mailfrom.domain.desired;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import mailfrom.domain.ses.Live;
import mailfrom.domain.ses.MailFromStatus;
import mailfrom.domain.ses.Settings;
import org.jspecify.annotations.Nullable;

/**
 * What we did at SES for an identity.
 *
 * @param lastSet our last call of Set, made or about to be; null when none ever was
 * @param restarts when it was restarted, within the last day
 * @param repairs when it was repaired, within the last day
 * @param undone how often somebody had undone a repair when the last one was made
 * @param intent the settings to end with, while they are cleared and set again; null otherwise
 * @param expected what SES documents to say after our last Set, which it took; null once it was
 *     read, or when nothing is documented
 */
public record HealingState(
    @Nullable SetCall lastSet,
    List<Instant> restarts,
    List<Instant> repairs,
    int undone,
    @Nullable Settings intent,
    @Nullable Live expected) {

  public static final HealingState NOTHING =
      new HealingState(null, List.of(), List.of(), 0, null, null);
  private static final Duration DAY = Duration.ofDays(1);
  private static final int RESTARTS_A_DAY = 3;
  private static final int REPAIRS_A_DAY = 1;
  private static final int UNDONE_UNTIL_STOP = 2;

  public HealingState {
    restarts = List.copyOf(restarts);
    repairs = List.copyOf(repairs);
  }

  /** Whether a read begun then saw what was so before our last Set, and decides nothing. */
  public boolean wasSetAfter(Instant begunAt) {
    return lastSet != null && lastSet.isAfter(begunAt);
  }

  /** Whether settings seen at SES are those that we set last. */
  public boolean isOurs(Settings seen) {
    return lastSet != null && lastSet.settings().sameAs(seen);
  }

  /**
   * Whether a setup is being started again: until SES looks for the record, or somebody has set
   * another domain meanwhile.
   */
  public boolean isStartingAgain(Live live) {
    return intent != null
        && (live.mailFromDomain() == null
            || (live.status() == MailFromStatus.FAILED
                && intent.domainEquals(live.mailFromDomain())));
  }

  public boolean restartAllowed(Instant now) {
    return within(restarts, now).size() < RESTARTS_A_DAY;
  }

  public boolean repairAllowed(Instant now) {
    return within(repairs, now).size() < REPAIRS_A_DAY && !isUndoneTooOften();
  }

  /** Whether somebody undid our repairs so often that they are left alone: asked at a drift. */
  public boolean isUndoneTooOften() {
    return undoneByNow() >= UNDONE_UNTIL_STOP;
  }

  /** A drift after a repair is that repair undone. */
  private int undoneByNow() {
    return repairs.isEmpty() ? undone : undone + 1;
  }

  /** A Set is about to be made, or was. */
  public HealingState set(SetCall call) {
    return new HealingState(call, restarts, repairs, undone, intent, expected);
  }

  /** SES took our last Set and was not read since; null: it was, or nothing is documented. */
  public HealingState expecting(@Nullable Live next) {
    return Objects.equals(expected, next)
        ? this
        : new HealingState(lastSet, restarts, repairs, undone, intent, next);
  }

  public HealingState restarted(Instant now) {
    return new HealingState(lastSet, plus(restarts, now), repairs, undone, intent, expected);
  }

  public HealingState repaired(Instant now) {
    return new HealingState(lastSet, restarts, plus(repairs, now), undoneByNow(), intent, expected);
  }

  /** Other settings are wanted: what was undone before says nothing about them. */
  public HealingState withoutRepairs() {
    return new HealingState(lastSet, restarts, List.of(), 0, intent, expected);
  }

  public HealingState withIntent(@Nullable Settings settings) {
    return new HealingState(lastSet, restarts, repairs, undone, settings, expected);
  }

  private static List<Instant> within(List<Instant> instants, Instant now) {
    return instants.stream().filter(at -> at.isAfter(now.minus(DAY))).toList();
  }

  private static List<Instant> plus(List<Instant> instants, Instant now) {
    List<Instant> more = new ArrayList<>(within(instants, now));
    more.add(now);
    return more;
  }
}
