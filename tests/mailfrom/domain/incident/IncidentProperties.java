package mailfrom.domain.incident;

import static mailfrom.domain.identity.TestingIdentity.T0;
import static mailfrom.domain.identity.TestingIdentity.key;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import mailfrom.domain.dns.DnsView;
import mailfrom.domain.dns.SpfVerdict;
import mailfrom.domain.dns.Views;
import mailfrom.domain.effect.Effect;
import mailfrom.domain.identity.Evaluation;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.identity.Observation;
import mailfrom.domain.identity.TestingIdentity;
import mailfrom.domain.name.DomainName;
import mailfrom.domain.ses.BehaviorOnMxFailure;
import mailfrom.domain.ses.Live;
import mailfrom.domain.ses.MailFromStatus;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;

/** What holds for every history of an identity. */
class IncidentProperties {
  private static final DomainName BOUNCE = DomainName.of("bounce.example.com");

  /** One read: how long after the last one, and what it gave; a null live: could not ask. */
  record Step(int minutes, @Nullable Live live, @Nullable Boolean verified, SpfVerdict spf) {}

  @Provide
  static Arbitrary<Live> lives() {
    return Combinators.combine(
            Arbitraries.of(BehaviorOnMxFailure.class),
            Arbitraries.of(MailFromStatus.class),
            Arbitraries.of(true, true, true, false))
        .as((behavior, status, set) -> set ? new Live(BOUNCE, behavior, status) : Live.NONE);
  }

  @Provide
  static Arbitrary<List<Step>> histories() {
    return Combinators.combine(
            Arbitraries.of(1, 9, 10, 15, 60, 6 * 60, 12 * 60, 24 * 60, 8 * 24 * 60),
            lives().injectNull(0.2),
            Arbitraries.of(true, true, true, false).injectNull(0.3),
            Arbitraries.of(SpfVerdict.class))
        .as(Step::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(60);
  }

  private static Observation observation(Step step, Instant at) {
    return new Observation(
        at, at, step.verified(), step.live(), null, null, look(step.spf(), step.live()));
  }

  private static DnsView look(SpfVerdict spf, @Nullable Live live) {
    if (live == null) {
      return DnsView.unavailable(BOUNCE, "timeout");
    }
    return Views.with(Views.spf(spf));
  }

  private static List<IdentityState> run(List<Step> history) {
    List<IdentityState> states = new ArrayList<>();
    IdentityState state = IdentityState.unseen(key("example.com"));
    Instant at = T0;
    for (Step step : history) {
      at = at.plus(Duration.ofMinutes(step.minutes()));
      state = Evaluation.evaluate(state, observation(step, at), TestingIdentity.around());
      states.add(state);
    }
    return states;
  }

  @Property
  void mailGetsTheCustomDomainOnlyWhenSesSaysSuccess(@ForAll("histories") List<Step> history) {
    for (IdentityState state : run(history)) {
      assertTrue(
          state.effectState().effect() != Effect.CUSTOM
              || (state.sesView().isVerified() && state.sesView().live().isSuccess()));
    }
  }

  @Property
  void whatCouldNotBeAskedChangesNeitherEffectNorCauseAndOwesNothing(
      @ForAll("histories") List<Step> history, @ForAll boolean liveIsKnown) {
    IdentityState before = run(history).getLast();
    Instant asOf = before.sesView().asOf();
    Instant at = (asOf.isBefore(T0) ? T0 : asOf).plus(Duration.ofMinutes(15));
    Live live = liveIsKnown && before.wasSeen() ? before.sesView().live() : null;
    Observation nothing =
        new Observation(at, at, null, live, null, null, DnsView.unavailable(BOUNCE, "timeout"));
    IdentityState after = Evaluation.evaluate(before, nothing, TestingIdentity.around());
    assertEquals(before.effectState().verdict(), after.effectState().verdict());
    if (live == null) {
      assertEquals(before.incidentState(), after.incidentState());
    }
    // The time that passes may make a reminder, a last chance or an end due; no start.
    Set<String> known = Set.copyOf(before.incidentState().owed().stream().map(Notice::id).toList());
    for (Notice notice : after.incidentState().owed()) {
      assertTrue(
          known.contains(notice.id())
              || notice.reason() == Reason.REMINDER
              || notice.reason() == Reason.LAST_CHANCE
              || notice.reason() == Reason.RECOVERED,
          () -> "owed from could not ask: " + notice);
    }
  }

  @Property
  void aTroubleIsToldOnceUntilItWorsensOrEnds(@ForAll("histories") List<Step> history) {
    boolean open = false;
    for (Notice notice : run(history).getLast().incidentState().owed()) {
      boolean starts = notice.reason() == Reason.STARTED || notice.reason() == Reason.FLAPPING;
      switch (notice.reason().kind()) {
        case TROUBLE -> {
          // A setup has a last chance, and no incident.
          assertTrue(
              open != starts || notice.reason() == Reason.LAST_CHANCE,
              "told of nothing that began");
          open |= starts;
        }
        case END -> {
          assertTrue(open, "over without a start");
          open = false;
        }
        case SETTINGS, WARNING, DONE, RUN -> {}
      }
    }
  }

  @Property
  void aLostVerificationIsBackOnlyByAReadOfIt(@ForAll("histories") List<Step> history) {
    IdentityState before = IdentityState.unseen(key("example.com"));
    List<IdentityState> states = run(history);
    for (int i = 0; i < states.size(); i++) {
      Incident open = before.incidentState().incident();
      if (open != null
          && open.trouble().kind() == TroubleKind.UNVERIFIED
          && history.get(i).verified() == null) {
        assertTrue(states.get(i).incidentState().incident() != null);
      }
      before = states.get(i);
    }
  }

  @Property(tries = 300)
  void idsAreUniqueAndAReplayGivesTheSame(@ForAll("histories") List<Step> history) {
    List<Notice> owed = run(history).getLast().incidentState().owed();
    Map<String, Notice> byId = new HashMap<>();
    for (Notice notice : owed) {
      Notice other = byId.put(notice.id(), notice);
      assertTrue(other == null, () -> "same id: " + notice + " and " + other);
    }
    assertEquals(owed, run(history).getLast().incidentState().owed());
  }
}
