package mailfrom.app.run;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import mailfrom.app.fleet.FleetCounts;
import mailfrom.app.pace.CallResult;
import mailfrom.app.read.RegionReader;
import mailfrom.app.read.RegionReader.Listing;
import mailfrom.app.store.RegionState;
import mailfrom.app.text.RunTexts;
import mailfrom.domain.desired.Brake;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.identity.Silence;
import mailfrom.domain.incident.Incident;
import mailfrom.domain.incident.Notice;
import mailfrom.domain.incident.Reason;
import mailfrom.domain.incident.RunNotice;
import mailfrom.domain.incident.Severity;
import mailfrom.domain.name.IdentityName;
import org.jspecify.annotations.Nullable;

/**
 * What a read run changes in its Region's row: what it found, and what it has to tell about itself.
 * Pure but for the row that it is applied to.
 */
final class RegionUpdate {
  /** What is missing still is told again after this long. */
  private static final Duration REMINDED_AFTER = Duration.ofDays(7);

  private final Parts parts;
  private final String region;
  private final Instant now;

  RegionUpdate(Parts parts, String region, Instant now) {
    this.parts = parts;
    this.region = region;
    this.now = now;
  }

  /**
   * What a run found.
   *
   * @param begun when it began, by the machine's clock
   * @param read identities that were listed and read
   * @param couldNotAsk identities that were listed, and nobody answered for
   * @param unlisted identities that were not listed
   * @param healing identities that are to be started again or set back
   * @param isStored whether all that was decided on could be stored
   * @param states all identities of the Region, as they are stored now
   * @param silences the silences there are
   * @param dnsIsBlind what is told when too many look-ups found nobody to ask; empty: not so
   * @param alertsHeardBy who listens to the topic for people
   * @param operationsHeardBy who listens to the topic of the alarms
   */
  record Found(
      Instant begun,
      Listing listing,
      int read,
      int couldNotAsk,
      RegionReader reading,
      Unlisted unlisted,
      int healing,
      boolean isStored,
      List<IdentityState> states,
      List<Silence> silences,
      Optional<String> dnsIsBlind,
      CallResult<Integer> alertsHeardBy,
      CallResult<Integer> operationsHeardBy) {

    boolean isReachable() {
      return reading.unreachable().isEmpty();
    }

    /** Identities that nobody answered for: listed ones, and those that a list lacks. */
    private int notRead() {
      return couldNotAsk + unlisted.notRead().size();
    }

    /** Identities that there are, by all that is known. */
    private int known() {
      return listing.names().size() + unlisted.missing().size();
    }

    /** More than five in a hundred, or a whole batch, are too many to be called complete. */
    private boolean tooManyNotAsked() {
      return isTooMany(notRead(), known()) || (couldNotAsk > 0 && reading.batchWithoutAnswer());
    }

    private boolean isAsked() {
      return isReachable() && listing.complete() && !tooManyNotAsked();
    }

    /** Whether all were asked for, and what was decided on is stored. */
    boolean isComplete() {
      return isAsked() && isStored;
    }

    /** Whether SES could not be asked too often. */
    boolean isBlind() {
      return isReachable() && !isAsked();
    }
  }

  /** Whether a run that read all but some says too little to be complete. */
  static boolean isTooMany(int notRead, int known) {
    return notRead * 20 > known;
  }

  RegionState store(Found found) {
    return parts.regions().change(region, before -> next(before, found));
  }

  private RegionState next(RegionState before, Found found) {
    RegionState.Reading reading =
        before
            .reading()
            .after(
                run(found),
                readFirst(found),
                found.reading().canary().orElse(null),
                found.isStored()
                    ? FleetCounts.of(found.states().stream(), now)
                    : before.reading().counts());
    RegionState next =
        before.with(
            found.listing().complete()
                ? reading.afterList(found.listing().names().isEmpty(), now)
                : reading);
    next = heard(next, found);
    if (!before.isBaselined() && found.isComplete()) {
      next = next.with(next.told().baselined(now)).owing(baseline(found.states()));
    }
    return silencesOver(before, brake(notAsked(next, found), found), found);
  }

  /** Which topics reach nobody; the first Region's run tells it, where it can be heard. */
  private RegionState heard(RegionState before, Found found) {
    RegionState.Told told = before.told();
    RegionState.Told now =
        told.reachingNobody(
            isUnheard(found.alertsHeardBy(), told.alertsReachNobody()),
            isUnheard(found.operationsHeardBy(), told.operationsReachNobody()));
    RegionState next = before.with(now);
    if (now.equals(told) || !region.equals(parts.watched().getFirst())) {
      return next;
    }
    return next.owing(
        now.isUnheard()
            ? notice(
                Reason.UNHEARD,
                RunTexts.unheard(now.alertsReachNobody(), now.operationsReachNobody()))
            : notice(Reason.UNHEARD_OVER, RunTexts.UNHEARD_OVER));
  }

  private static boolean isUnheard(CallResult<Integer> listeners, boolean before) {
    return listeners instanceof CallResult.Answered<Integer>(Integer count) ? count == 0 : before;
  }

  private RegionState.LastRun run(Found found) {
    return new RegionState.LastRun(
        now,
        Duration.between(found.begun(), parts.clock().now()),
        found.listing().names().size(),
        found.read(),
        found.couldNotAsk(),
        found.isComplete());
  }

  private static @Nullable IdentityName readFirst(Found found) {
    return found.isReachable()
        ? found.listing().names().stream().filter(found.reading()::wasLeft).findFirst().orElse(null)
        : null;
  }

  /** What could not be asked is told once, and told as over. */
  private RegionState notAsked(RegionState before, Found found) {
    RegionState.NotAsked known = before.notAsked();
    List<RunNotice> notices = new ArrayList<>();
    String unreachable =
        found
            .reading()
            .unreachable()
            .map(where -> RunTexts.unreachable(where.kind(), region))
            .orElse(null);
    if (unreachable != null && !unreachable.equals(known.unreachable())) {
      notices.add(notice(Reason.BLIND, unreachable));
    }
    if (unreachable == null && known.unreachable() != null) {
      notices.add(notice(Reason.BLIND_OVER, RunTexts.reachable(region)));
    }
    List<String> cannotWatch =
        found.listing().complete()
            ? List.copyOf(found.listing().cannotWatch())
            : known.cannotWatch();
    if (!known.cannotWatch().containsAll(cannotWatch)) {
      notices.add(notice(Reason.MISSING, RunTexts.cannotWatch(cannotWatch, region)));
    }
    if (cannotWatch.isEmpty() && !known.cannotWatch().isEmpty()) {
      notices.add(notice(Reason.MISSING_OVER, RunTexts.watchesAll(region)));
    }
    RegionState.NotAsked after =
        new RegionState.NotAsked(
            unreachable,
            since(
                known.blindSince(),
                found.isBlind(),
                found.isReachable(),
                Reason.BLIND,
                Reason.BLIND_OVER,
                blindText(found),
                notices),
            since(
                known.dnsBlindSince(),
                found.dnsIsBlind().isPresent(),
                found.isReachable(),
                Reason.DNS_BLIND,
                Reason.DNS_BLIND_OVER,
                found.dnsIsBlind().orElse(""),
                notices),
            missing(known.missing(), found, notices),
            cannotWatch);
    RegionState next = before.with(after);
    for (RunNotice notice : notices) {
      next = next.owing(notice);
    }
    return next;
  }

  /** Since when it is so; null when it is not. What nobody could ask about stays as it was. */
  private @Nullable Instant since(
      @Nullable Instant before,
      boolean isSo,
      boolean isKnown,
      Reason begins,
      Reason ends,
      String text,
      List<RunNotice> notices) {
    if (isSo && before == null) {
      notices.add(notice(begins, text));
      return now;
    }
    if (!isSo && isKnown && before != null) {
      notices.add(notice(ends, RunTexts.answersAgain(ends, before, now)));
      return null;
    }
    return before;
  }

  private RegionState.@Nullable Missing missing(
      RegionState.@Nullable Missing before, Found found, List<RunNotice> notices) {
    if (!found.listing().complete()) {
      return before;
    }
    List<IdentityName> names = found.unlisted().missing();
    if (names.isEmpty()) {
      if (before != null) {
        notices.add(
            notice(Reason.MISSING_OVER, RunTexts.listedAgain(before.names(), before.since(), now)));
      }
      return null;
    }
    List<IdentityName> named = names.subList(0, Math.min(names.size(), RunTexts.MOST_NAMED));
    boolean isKnown =
        before != null
            && before.names().containsAll(named)
            && now.isBefore(before.toldAt().plus(REMINDED_AFTER));
    if (!isKnown) {
      notices.add(
          notice(Reason.MISSING, RunTexts.missing(names, found.known(), region)).about(few(names)));
    }
    return new RegionState.Missing(
        before == null ? now : before.since(),
        named,
        isKnown && before != null ? before.toldAt() : now);
  }

  /**
   * Too many repairs at once are held back until somebody lets them go, or they are not needed any
   * more: told once, and once as over.
   */
  private RegionState brake(RegionState state, Found found) {
    RegionState.Held held = state.held();
    int listed = found.listing().names().size();
    boolean isPulled = Brake.isPulled(found.healing(), listed);
    Instant since = held.since();
    Instant releasedAt = held.releasedAt();
    if (isPulled && since == null && !Brake.isReleased(releasedAt, now)) {
      return state
          .with(new RegionState.Held(now, releasedAt))
          .owing(notice(Reason.HELD, RunTexts.held(found.healing(), listed)));
    }
    if (since != null && releasedAt != null && !held.isHeld()) {
      return state
          .with(new RegionState.Held(null, releasedAt))
          .owing(notice(Reason.HELD_OVER, RunTexts.released(since, releasedAt)));
    }
    if (isPulled || !found.isComplete()) {
      return state;
    }
    RegionState free = state.with(RegionState.Held.NOTHING);
    return since == null ? free : free.owing(notice(Reason.HELD_OVER, RunTexts.heldNoMore(since)));
  }

  private static String blindText(Found found) {
    return found.listing().complete()
        ? RunTexts.blind(found.notRead(), found.known())
        : RunTexts.LIST_NOT_READ;
  }

  /**
   * What a silence covered and is still bad is told once, in the first run after its end. A first
   * report tells all that is bad anyway.
   */
  private RegionState silencesOver(RegionState before, RegionState state, Found found) {
    List<Silence> over =
        found.silences().stream()
            .filter(silence -> silence.state(now) == Silence.State.ENDED)
            .sorted(Comparator.comparing(Silence::until).thenComparing(Silence::id))
            .toList();
    RegionState next =
        state.with(state.told().silencesOver(over.stream().map(Silence::id).toList()));
    if (!before.isBaselined()) {
      return next;
    }
    for (Silence silence : over) {
      if (!before.told().silencesOver().contains(silence.id())) {
        List<IdentityState> bad =
            found.states().stream()
                .filter(one -> isBadAndCoveredBy(silence, one, found.silences()))
                .toList();
        if (!bad.isEmpty()) {
          next = next.owing(silenceOver(silence, bad));
        }
      }
    }
    return next;
  }

  private RunNotice silenceOver(Silence silence, List<IdentityState> bad) {
    return new RunNotice(
            Notice.hash(
                "%s|%s|%s|%s"
                    .formatted(parts.account(), region, Reason.SILENCE_OVER, silence.id())),
            Reason.SILENCE_OVER,
            worst(bad),
            RunTexts.silenceOver(silence, bad),
            now)
        .about(few(bad.stream().map(state -> state.key().name()).toList()));
  }

  /** What fits into the Region's row, and into a command; of more than that none. */
  private static List<IdentityName> few(List<IdentityName> names) {
    return names.size() > RunTexts.MOST_NAMED ? List.of() : names;
  }

  private boolean isBadAndCoveredBy(Silence silence, IdentityState state, List<Silence> silences) {
    Incident incident = state.incidentState().incident();
    return incident != null
        && incident.quietSince() == null
        && silence.match().matches(state)
        && silences.stream().noneMatch(other -> other.matches(state, now));
  }

  private static Severity worst(Collection<IdentityState> states) {
    return states.stream()
        .flatMap(state -> state.severity().stream())
        .max(Comparator.naturalOrder())
        .orElse(Severity.INFO);
  }

  private RunNotice baseline(Collection<IdentityState> states) {
    List<IdentityState> ill =
        states.stream().filter(state -> state.incidentState().incident() != null).toList();
    return new RunNotice(
        Notice.hash("%s|%s|%s".formatted(parts.account(), region, Reason.BASELINE)),
        Reason.BASELINE,
        worst(ill),
        RunTexts.baseline(states.size(), ill),
        now);
  }

  private RunNotice notice(Reason reason, String text) {
    return new RunNotice(
        Notice.hash("%s|%s|%s|%s|%s".formatted(parts.account(), region, reason, now, text)),
        reason,
        reason.isOver() ? Severity.INFO : Severity.WARNING,
        text,
        now);
  }
}
