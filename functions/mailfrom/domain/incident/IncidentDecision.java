package mailfrom.domain.incident;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import mailfrom.domain.name.IdentityKey;
import org.jspecify.annotations.Nullable;

/**
 * The decision whether to tell something about an identity's trouble: pure, with a named reason to
 * tell or to stay quiet. What is compared is what was told last, not what was seen last.
 */
public final class IncidentDecision {
  /** No trouble for this long, seen in two runs: over. */
  public static final Duration RECOVERED_AFTER = Duration.ofMinutes(10);

  public static final Duration LAST_CHANCE_BEFORE = Duration.ofHours(12);
  private static final Duration FLAPPING_WITHIN = Duration.ofHours(24);
  private static final int FLAPPING_FROM = 3;
  private static final Duration FLAPPING_OVER_AFTER = Duration.ofHours(6);
  private static final List<Duration> REMINDERS =
      List.of(Duration.ofHours(24), Duration.ofHours(48), Duration.ofHours(96), Duration.ofDays(7));

  private IncidentDecision() {}

  /**
   * What the decision looks at.
   *
   * @param trouble the trouble now; null when there is none
   * @param settingUp whether SES is still looking for the record of a domain that never worked
   * @param nothingWanted whether it is DEFAULT because nothing is wanted any more
   * @param gone whether the identity was deleted
   * @param deadline when SES gives up; null when it does not
   * @param baselined whether the Region's first report was told
   * @param silenced whether a silence matches
   */
  public record Facts(
      @Nullable Trouble trouble,
      boolean settingUp,
      boolean nothingWanted,
      boolean gone,
      @Nullable Instant deadline,
      boolean baselined,
      boolean silenced) {}

  /** Why nothing is told. */
  public enum Quiet {
    HEALTHY,
    /** In the BASELINE report of the Region. */
    IN_BASELINE,
    ALREADY_TOLD,
    SETTING_UP,
    /** The trouble is gone, but not for long enough. */
    RECOVERING,
    /** It ended, and nobody had been told that it began. */
    NEVER_TOLD,
    FLAPPING,
    SILENCED
  }

  /**
   * What was decided.
   *
   * @param reason why something is told; null when nothing is
   * @param quiet why nothing is told; null when something is
   * @param incident the incident the notice is about; null when nothing is told or it is in setup
   * @param count how often this was told before, for the notice's id
   * @param after what is remembered
   */
  public record Decision(
      @Nullable Reason reason,
      @Nullable Quiet quiet,
      @Nullable Incident incident,
      int count,
      IncidentState after) {

    public Optional<Reason> told() {
      return Optional.ofNullable(reason);
    }
  }

  public static Decision decide(IdentityKey key, IncidentState before, Facts facts, Instant now) {
    Incident incident = before.incident();
    Trouble trouble = facts.trouble();
    if (incident == null) {
      return trouble == null ? calm(before, facts, now) : start(key, before, trouble, facts, now);
    }
    if (facts.gone()) {
      return end(before, incident, Reason.GONE, facts);
    }
    if (trouble != null) {
      return goesOn(before, incident, trouble, facts, now);
    }
    if (facts.nothingWanted()) {
      return end(before, incident, Reason.RECOVERED, facts);
    }
    if (facts.settingUp()) {
      return lastChance(before, incident, facts, now)
          .orElseGet(() -> quiet(before, Quiet.SETTING_UP));
    }
    return recovering(before, incident, facts, now);
  }

  private static Decision calm(IncidentState before, Facts facts, Instant now) {
    if (facts.settingUp() && facts.baselined()) {
      Optional<Decision> lastChance = lastChance(before, null, facts, now);
      if (lastChance.isPresent()) {
        return lastChance.get();
      }
      return quiet(before, Quiet.SETTING_UP);
    }
    return quiet(before, facts.settingUp() ? Quiet.SETTING_UP : Quiet.HEALTHY);
  }

  private static Decision start(
      IdentityKey key, IncidentState before, Trouble trouble, Facts facts, Instant now) {
    List<Instant> starts = new ArrayList<>(before.recentStarts());
    starts.removeIf(start -> start.isBefore(now.minus(FLAPPING_WITHIN)));
    starts.add(now);
    Incident opened =
        new Incident(Notice.hash(key + "|" + now), now, trouble, null, List.of(), now, null);
    IncidentState open =
        new IncidentState(opened, starts, false, before.lastChanceFor(), before.owed());
    if (!facts.baselined()) {
      return inBaseline(open, opened, trouble);
    }
    if (facts.silenced() && trouble.kind() != TroubleKind.REJECTED) {
      return quiet(open, Quiet.SILENCED);
    }
    boolean flapping =
        starts.size() >= FLAPPING_FROM
            && trouble.kind() != TroubleKind.REJECTED
            && trouble.kind() != TroubleKind.NOT_COVERED;
    return flapping
        ? tell(
            new IncidentState(opened, starts, true, before.lastChanceFor(), before.owed()),
            opened,
            Reason.FLAPPING,
            trouble,
            now)
        : tell(open, opened, Reason.STARTED, trouble, now);
  }

  private static Decision inBaseline(IncidentState open, Incident incident, Trouble trouble) {
    List<Reason> reasons =
        incident.reasons().contains(Reason.BASELINE)
            ? incident.reasons()
            : List.of(Reason.BASELINE);
    Incident counted =
        new Incident(
            incident.id(),
            incident.startedAt(),
            trouble,
            trouble,
            reasons,
            incident.lastToldAt(),
            null);
    return quiet(with(open, counted), Quiet.IN_BASELINE);
  }

  private static Decision goesOn(
      IncidentState before, Incident incident, Trouble trouble, Facts facts, Instant now) {
    if (!facts.baselined()) {
      return inBaseline(before, incident, trouble);
    }
    Incident seen =
        new Incident(
            incident.id(),
            incident.startedAt(),
            trouble,
            incident.told(),
            incident.reasons(),
            incident.lastToldAt(),
            null);
    IncidentState incidentState = with(before, seen);
    Trouble told = seen.told();
    boolean rejected = trouble.kind() == TroubleKind.REJECTED;
    if (told == null) {
      if (rejected) {
        return tell(
            incidentState, seen, seen.wasTold() ? Reason.WORSE : Reason.STARTED, trouble, now);
      }
      if (before.flapping()) {
        return quiet(incidentState, Quiet.FLAPPING);
      }
      return facts.silenced()
          ? lastChance(incidentState, seen, facts, now)
              .orElseGet(() -> quiet(incidentState, Quiet.SILENCED))
          : tell(incidentState, seen, Reason.STARTED, trouble, now);
    }
    if (trouble.rank() > told.rank()) {
      return before.flapping() && !rejected
          ? quiet(incidentState, Quiet.FLAPPING)
          : tell(incidentState, seen, Reason.WORSE, trouble, now);
    }
    if (told.kind() == TroubleKind.REJECTED && !rejected) {
      return tell(incidentState, seen, Reason.BETTER, trouble, now);
    }
    Optional<Decision> lastChance = lastChance(incidentState, seen, facts, now);
    if (lastChance.isPresent()) {
      return lastChance.get();
    }
    if (trouble.severity() != Severity.INFO && reminderIsDue(seen, now)) {
      return facts.silenced() && !rejected
          ? quiet(incidentState, Quiet.SILENCED)
          : tell(incidentState, seen, Reason.REMINDER, told, now);
    }
    return quiet(incidentState, Quiet.ALREADY_TOLD);
  }

  private static boolean reminderIsDue(Incident incident, Instant now) {
    int sent = Math.min(incident.count(Reason.REMINDER), REMINDERS.size() - 1);
    return !now.isBefore(incident.lastToldAt().plus(REMINDERS.get(sent)));
  }

  private static Optional<Decision> lastChance(
      IncidentState incidentState, @Nullable Incident incident, Facts facts, Instant now) {
    Instant deadline = facts.deadline();
    if (deadline == null
        || deadline.equals(incidentState.lastChanceFor())
        || now.isBefore(deadline.minus(LAST_CHANCE_BEFORE))) {
      return Optional.empty();
    }
    IncidentState told =
        new IncidentState(
            incidentState.incident(),
            incidentState.recentStarts(),
            incidentState.flapping(),
            deadline,
            incidentState.owed());
    return Optional.of(
        incident == null
            ? new Decision(Reason.LAST_CHANCE, null, null, 0, told)
            // Its start may have been silenced: then this is what is told first.
            : tell(
                told,
                incident,
                Reason.LAST_CHANCE,
                incident.told() == null ? incident.trouble() : incident.told(),
                now));
  }

  private static Decision recovering(
      IncidentState before, Incident incident, Facts facts, Instant now) {
    Instant quietSince = incident.quietSince() == null ? now : incident.quietSince();
    Duration calm = Duration.between(quietSince, now);
    if (calm.compareTo(before.flapping() ? FLAPPING_OVER_AFTER : RECOVERED_AFTER) >= 0) {
      return end(before, incident, Reason.RECOVERED, facts);
    }
    // While it flaps, an end is not told: but a REJECTED that comes back after one is.
    boolean wouldBeOver = calm.compareTo(RECOVERED_AFTER) >= 0;
    Incident calmer =
        new Incident(
            incident.id(),
            incident.startedAt(),
            incident.trouble(),
            wouldBeOver ? null : incident.told(),
            incident.reasons(),
            incident.lastToldAt(),
            quietSince);
    return quiet(with(before, calmer), Quiet.RECOVERING);
  }

  private static Decision end(IncidentState before, Incident incident, Reason reason, Facts facts) {
    IncidentState ended =
        new IncidentState(
            null,
            before.flapping() ? List.of() : before.recentStarts(),
            false,
            before.lastChanceFor(),
            before.owed());
    // It is in a report that is still to come: what is over by then is not in it.
    return incident.wasTold() && facts.baselined()
        ? new Decision(reason, null, incident, incident.count(reason), ended)
        : quiet(ended, Quiet.NEVER_TOLD);
  }

  private static Decision tell(
      IncidentState incidentState,
      Incident incident,
      Reason reason,
      @Nullable Trouble told,
      Instant now) {
    List<Reason> reasons = new ArrayList<>(incident.reasons());
    reasons.add(reason);
    Incident after =
        new Incident(
            incident.id(),
            incident.startedAt(),
            incident.trouble(),
            told,
            reasons,
            now,
            incident.quietSince());
    return new Decision(reason, null, after, incident.count(reason), with(incidentState, after));
  }

  private static Decision quiet(IncidentState after, Quiet why) {
    return new Decision(null, why, null, 0, after);
  }

  private static IncidentState with(IncidentState incidentState, Incident incident) {
    return new IncidentState(
        incident,
        incidentState.recentStarts(),
        incidentState.flapping(),
        incidentState.lastChanceFor(),
        incidentState.owed());
  }
}
