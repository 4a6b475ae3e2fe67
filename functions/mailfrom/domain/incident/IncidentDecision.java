package mailfrom.domain.incident;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import mailfrom.domain.incident.Decision.Quiet;
import mailfrom.domain.name.IdentityKey;
import org.jspecify.annotations.Nullable;

/// The decision whether to tell something about an identity's trouble: pure, with a named reason to
/// tell or to stay quiet, in the order of these rows. What is compared is what was told last, not
/// what was seen last. Mail is lost while SES rejects it, or takes none: that is told always.
///
/// | now | no incident is open | told, or why quiet |
/// | --- | --- | --- |
/// | trouble | before the Region's BASELINE | opened; `IN_BASELINE` |
/// | mail is lost | | opened; **STARTED** |
/// | trouble | silenced | opened; `SILENCED` |
/// | trouble, not `NOT_COVERED` | third start in 24 hours | opened; **FLAPPING**, once a day |
/// | trouble | else | opened; **STARTED** |
/// | setting up | 12 hours or less until SES gives up | **LAST_CHANCE**, once a deadline |
/// | setting up | else | `SETTING_UP` |
/// | anything else | | `NOT_TROUBLE` |
///
/// | now | an incident is open | told, or why quiet |
/// | --- | --- | --- |
/// | trouble | before the Region's BASELINE | `IN_BASELINE` |
/// | mail is lost | nothing of what is so now was told | **WORSE**, or **STARTED** as the first |
/// | worse than told or held back | | **WORSE** |
/// | better, mail was lost | | **BETTER** |
/// | trouble | 12 hours or less until SES gives up | **LAST_CHANCE**, once a deadline |
/// | trouble, held back or to be reminded of | silenced | `SILENCED` |
/// | trouble, held back | flapping: an hour without a break, or for good | **STARTED** |
/// | trouble, held back | flapping: else | `FLAPPING`, **REMINDER** when it is due |
/// | trouble, held back | else | **STARTED** |
/// | trouble, not of severity info | a reminder is due | **REMINDER** |
/// | trouble | else | `ALREADY_TOLD` |
/// | setting up | as with no incident | as with no incident |
/// | nothing is wanted any more | | over: **RECOVERED** |
/// | deleted | | over: **GONE** |
/// | healthy | for 10 minutes, in two runs; flapping: for 6 hours | over: **RECOVERED** |
/// | healthy | else | `RECOVERING` |
///
/// An end is told only when the start was, and not before the BASELINE: else it is `NEVER_TOLD`. A
/// reminder is due 24, 48, 96 hours after the last notice, then each week. Ten calm minutes while
/// flapping end nothing, but what comes after them is held back as a flip of its own.
public final class IncidentDecision {
  /** No trouble for this long, seen in two runs: over. */
  private static final Duration RECOVERED_AFTER = Duration.ofMinutes(10);

  private static final Duration LAST_CHANCE_BEFORE = Duration.ofHours(12);
  private static final int FLAPPING_FROM = 3;
  private static final Duration FLAPPING_OVER_AFTER = Duration.ofHours(6);

  /** Trouble without a break for this long is no flip any more. */
  private static final Duration DOWN_AFTER = Duration.ofHours(1);

  private static final List<Duration> REMINDERS =
      List.of(Duration.ofHours(24), Duration.ofHours(48), Duration.ofHours(96), Duration.ofDays(7));

  private final IdentityKey key;
  private final IncidentState before;
  private final Facts facts;
  private final Instant now;

  private IncidentDecision(IdentityKey key, IncidentState before, Facts facts, Instant now) {
    this.key = key;
    this.before = before;
    this.facts = facts;
    this.now = now;
  }

  /** How an identity is. */
  public sealed interface Situation {}

  /** It is in trouble. */
  public record InTrouble(Trouble trouble) implements Situation {}

  /** It is in no trouble. */
  public enum Calm implements Situation {
    HEALTHY,
    /** SES looks for the record of a domain that never worked. */
    SETTING_UP,
    /** It is DEFAULT because nothing is wanted any more. */
    NOTHING_WANTED,
    /** It was deleted. */
    GONE
  }

  /** Whether people hear what is told. */
  public enum Audience {
    LISTENING,
    SILENCED,
    /** The Region's first report is still to come, and tells all at once. */
    BEFORE_BASELINE
  }

  /**
   * What the decision looks at.
   *
   * @param deadline when SES gives up; null when it does not
   */
  public record Facts(Situation situation, @Nullable Instant deadline, Audience audience) {}

  public static Decision decide(IdentityKey key, IncidentState before, Facts facts, Instant now) {
    return new IncidentDecision(key, before, facts, now).decide();
  }

  private Decision decide() {
    Incident open = before.incident();
    return switch (facts.situation()) {
      case InTrouble(Trouble trouble) ->
          open == null
              ? start(Incident.opened(key, trouble, now))
              : goesOn(open.seen(trouble, now));
      case Calm.SETTING_UP ->
          lastChance(before, open).orElseGet(() -> quiet(before, Quiet.SETTING_UP));
      case Calm.NOTHING_WANTED -> end(open, Reason.RECOVERED);
      case Calm.GONE -> end(open, Reason.GONE);
      case Calm.HEALTHY -> open == null ? quiet(before, Quiet.NOT_TROUBLE) : recovering(open);
    };
  }

  private Decision start(Incident opened) {
    Trouble trouble = opened.trouble();
    IncidentState after = before.opened(opened);
    if (facts.audience() == Audience.BEFORE_BASELINE) {
      return quiet(after.with(opened.inBaseline()), Quiet.IN_BASELINE);
    }
    if (trouble.kind().isMailLost()) {
      return tell(after, opened, Reason.STARTED, trouble);
    }
    if (facts.audience() == Audience.SILENCED) {
      return quiet(after.with(opened.heldBack()), Quiet.SILENCED);
    }
    boolean flaps =
        after.recentStarts().size() >= FLAPPING_FROM && trouble.kind() != TroubleKind.NOT_COVERED;
    if (!flaps) {
      return tell(after, opened, Reason.STARTED, trouble);
    }
    return after.flappingIsKnown(now)
        ? quiet(after.flaps().with(opened.heldBack()), Quiet.FLAPPING)
        : tell(after.flappingTold(now), opened, Reason.FLAPPING, trouble);
  }

  private Decision goesOn(Incident seen) {
    if (facts.audience() == Audience.BEFORE_BASELINE) {
      return quiet(before.with(seen.inBaseline()), Quiet.IN_BASELINE);
    }
    IncidentState after = before.with(seen);
    Trouble trouble = seen.trouble();
    Trouble told = seen.told();
    Trouble known = seen.known();
    if (told == null && trouble.kind().isMailLost()) {
      return tell(after, seen, seen.wasTold() ? Reason.WORSE : Reason.STARTED, trouble);
    }
    if (known != null && trouble.isWorseThan(known)) {
      return tell(after, seen, Reason.WORSE, trouble);
    }
    if (told != null && trouble.isBetterThan(told)) {
      return tell(after, seen, Reason.BETTER, trouble);
    }
    return lastChance(after, seen)
        .orElseGet(() -> told == null ? held(after, seen) : known(after, seen, told));
  }

  /** Nothing of what is so now was told, since something held it back. */
  private Decision held(IncidentState after, Incident seen) {
    if (facts.audience() == Audience.SILENCED) {
      return quiet(after.with(seen.heldBack()), Quiet.SILENCED);
    }
    Instant since = seen.seenSince();
    boolean staysDown =
        seen.trouble().isForGood() || (since != null && !now.isBefore(since.plus(DOWN_AFTER)));
    if (!before.flapping() || staysDown) {
      return tell(after.staysDown(), seen, Reason.STARTED, seen.trouble());
    }
    return reminderIsDue(seen)
        ? tell(after, seen, Reason.REMINDER, seen.trouble())
        : quiet(after.with(seen.heldBack()), Quiet.FLAPPING);
  }

  /** What is so now was told. */
  private Decision known(IncidentState after, Incident seen, Trouble told) {
    if (!reminderIsDue(seen)) {
      return quiet(after, Quiet.ALREADY_TOLD);
    }
    return facts.audience() == Audience.SILENCED && !seen.trouble().kind().isMailLost()
        ? quiet(after, Quiet.SILENCED)
        : tell(after, seen, Reason.REMINDER, told);
  }

  private boolean reminderIsDue(Incident incident) {
    return nextReminder(incident).filter(due -> !now.isBefore(due)).isPresent();
  }

  /** When an open incident is reminded of, if nothing else is told of it before. */
  public static Optional<Instant> nextReminder(Incident incident) {
    if (incident.trouble().severity() == Severity.INFO || !incident.wasTold()) {
      return Optional.empty();
    }
    int sent = Math.min(incident.count(Reason.REMINDER), REMINDERS.size() - 1);
    return Optional.of(incident.lastToldAt().plus(REMINDERS.get(sent)));
  }

  private Optional<Decision> lastChance(IncidentState after, @Nullable Incident incident) {
    Instant deadline = facts.deadline();
    if (deadline == null
        || facts.audience() == Audience.BEFORE_BASELINE
        || deadline.equals(after.lastChanceFor())
        || now.isBefore(deadline.minus(LAST_CHANCE_BEFORE))) {
      return Optional.empty();
    }
    IncidentState told = after.lastChanceToldFor(deadline);
    return Optional.of(
        incident == null
            ? new Decision.Tell(Reason.LAST_CHANCE, null, 0, told.quiet(null))
            // Its start may have been silenced: then this is what is told first.
            : tell(told, incident, Reason.LAST_CHANCE, saidByLastChance(incident)));
  }

  /** Of a set-up it says nothing of the trouble before, which is not seen then. */
  private @Nullable Trouble saidByLastChance(Incident incident) {
    return incident.told() == null && facts.situation() instanceof InTrouble
        ? incident.trouble()
        : incident.told();
  }

  private Decision recovering(Incident incident) {
    Instant since = incident.quietSince() == null ? now : incident.quietSince();
    Duration calm = Duration.between(since, now);
    boolean isStable = calm.compareTo(RECOVERED_AFTER) >= 0;
    if (isStable && (!before.flapping() || calm.compareTo(FLAPPING_OVER_AFTER) >= 0)) {
      return end(incident, Reason.RECOVERED);
    }
    // While it flaps, an end is not told: what comes back after one is a flip of its own.
    Incident quiet = incident.quietSince(since);
    return quiet(before.with(isStable ? quiet.untold() : quiet), Quiet.RECOVERING);
  }

  private Decision end(@Nullable Incident incident, Reason reason) {
    if (incident == null) {
      return quiet(before, Quiet.NOT_TROUBLE);
    }
    // It is in a report that is still to come: what is over by then is not in it.
    return incident.wasTold() && facts.audience() != Audience.BEFORE_BASELINE
        ? new Decision.Tell(reason, incident, incident.count(reason), before.ended().quiet(null))
        : quiet(before.ended(), Quiet.NEVER_TOLD);
  }

  private Decision tell(
      IncidentState state, Incident incident, Reason reason, @Nullable Trouble told) {
    Incident after = incident.told(reason, told, now);
    return new Decision.Tell(reason, after, incident.count(reason), state.with(after).quiet(null));
  }

  private static Decision quiet(IncidentState after, Quiet why) {
    return new Decision.StayQuiet(why, after.quiet(why));
  }
}
