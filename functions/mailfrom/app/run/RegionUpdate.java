package mailfrom.app.run;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import mailfrom.app.pace.CallResult;
import mailfrom.app.read.RegionReader;
import mailfrom.app.read.RegionReader.Listing;
import mailfrom.app.store.RegionState;
import mailfrom.app.tell.RunTexts;
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
   * @param missing identities that were not listed, and that no answer says are deleted
   * @param healing identities that are to be started again or set back
   * @param states all identities of the Region, as they are stored now
   * @param silences the silences there are
   * @param dnsIsBlind what is told when too many look-ups found nobody to ask; empty: not so
   * @param listeners who listens to the topic for people
   */
  record Found(
      Instant begun,
      Listing listing,
      int read,
      int couldNotAsk,
      RegionReader reading,
      List<IdentityName> missing,
      int healing,
      List<IdentityState> states,
      List<Silence> silences,
      Optional<String> dnsIsBlind,
      CallResult<Integer> listeners) {

    boolean isReachable() {
      return reading.unreachable().isEmpty();
    }

    /** More than five in a hundred, or a whole batch, are too many to be called complete. */
    private boolean tooManyNotAsked() {
      return couldNotAsk * 20 > listing.names().size()
          || (couldNotAsk > 0 && reading.batchWithoutAnswer());
    }

    boolean isComplete() {
      return isReachable() && listing.complete() && !tooManyNotAsked();
    }

    boolean isBlind() {
      return isReachable() && (!isComplete() || dnsIsBlind.isPresent() || !missing.isEmpty());
    }
  }

  RegionState store(Found found) {
    return parts.regions().change(region, before -> next(before, found));
  }

  private RegionState next(RegionState before, Found found) {
    RegionState next =
        before
            .with(
                before
                    .reading()
                    .after(run(found), readFirst(found), found.reading().canary().orElse(null)))
            .with(
                found
                    .reading()
                    .receiptRecipients()
                    .map(recipients -> new RegionState.Receipts(recipients, now))
                    .orElse(before.receipts()));
    if (found.listeners() instanceof CallResult.Answered<Integer>(Integer count)) {
      next = next.with(next.told().reachingNobody(count == 0));
    }
    if (!before.isBaselined() && found.isComplete()) {
      next = next.with(next.told().baselined(now)).owing(baseline(found.states()));
    }
    return blind(silencesOver(before, brake(unreachable(next, found), found), found), found);
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

  /** A Region in which nobody can be asked is told once, in words that name the way out. */
  private RegionState unreachable(RegionState state, Found found) {
    String why =
        found
            .reading()
            .unreachable()
            .map(where -> RunTexts.unreachable(where.kind(), region))
            .orElse(null);
    RegionState next = state.with(state.told().unreachable(why));
    return why == null || why.equals(state.told().unreachable())
        ? next
        : next.owing(notice(Reason.BLIND, why));
  }

  /** Too many repairs at once are held back, and told once, until somebody lets them go. */
  private RegionState brake(RegionState state, Found found) {
    int listed = found.listing().names().size();
    if (Brake.isPulled(found.healing(), listed)) {
      return state.held().since() != null || Brake.isReleased(state.held().releasedAt(), now)
          ? state
          : state
              .with(new RegionState.Held(now, state.held().releasedAt()))
              .owing(notice(Reason.HELD, RunTexts.held(found.healing(), listed, region)));
    }
    return found.isComplete() ? state.with(RegionState.Held.NOTHING) : state;
  }

  private RegionState blind(RegionState state, Found found) {
    Instant since = state.told().blindSince();
    if (found.isBlind() && since == null) {
      return state.with(state.told().blind(now)).owing(notice(Reason.BLIND, blindText(found)));
    }
    return found.isBlind() || !found.isReachable() || since == null
        ? state
        : state
            .with(state.told().blind(null))
            .owing(notice(Reason.BLIND_OVER, RunTexts.blindOver(since)));
  }

  private String blindText(Found found) {
    if (!found.listing().complete()) {
      return RunTexts.LIST_NOT_READ;
    }
    if (found.couldNotAsk() > 0) {
      return RunTexts.blind("SES", found.couldNotAsk(), found.listing().names().size());
    }
    return found.missing().isEmpty()
        ? found.dnsIsBlind().orElse("")
        : RunTexts.missing(found.missing(), region);
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
            "%s|%s|%s|%s".formatted(parts.account(), region, Reason.SILENCE_OVER, silence.id())),
        Reason.SILENCE_OVER,
        worst(bad),
        RunTexts.silenceOver(silence, bad),
        now,
        Set.of());
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
        now,
        Set.of());
  }

  private RunNotice notice(Reason reason, String text) {
    return new RunNotice(
        Notice.hash("%s|%s|%s|%s|%s".formatted(parts.account(), region, reason, now, text)),
        reason,
        reason == Reason.BLIND_OVER ? Severity.INFO : Severity.WARNING,
        text,
        now,
        Set.of());
  }
}
