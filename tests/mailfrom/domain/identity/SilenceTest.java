package mailfrom.domain.identity;

import static mailfrom.domain.identity.TestingIdentity.T0;
import static mailfrom.domain.identity.TestingIdentity.applied;
import static mailfrom.domain.identity.TestingIdentity.live;
import static mailfrom.domain.identity.TestingIdentity.named;
import static mailfrom.domain.identity.TestingIdentity.settings;
import static mailfrom.domain.identity.TestingIdentity.silence;
import static mailfrom.domain.identity.TestingIdentity.staged;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import mailfrom.domain.desired.Activation;
import mailfrom.domain.dns.Answer;
import mailfrom.domain.dns.DnsView;
import mailfrom.domain.dns.MxRecord;
import mailfrom.domain.dns.Views;
import mailfrom.domain.effect.Cause;
import mailfrom.domain.effect.Effect;
import mailfrom.domain.effect.Phase;
import mailfrom.domain.incident.Notice;
import mailfrom.domain.incident.Reason;
import mailfrom.domain.ses.Live;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SilenceTest {
  private static final Silence.Match EVERYTHING = new Silence.Match(null, null, null, null);

  /** The contract: what a silence holds back. Everything else is told. */
  private static final Set<Reason> HELD_BACK =
      EnumSet.of(Reason.STARTED, Reason.REMINDER, Reason.FLAPPING, Reason.EARLY_WARNING);

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          # name,       region,    label,         cause,             matches
          ,             ,          ,              ,                  true
          shop.*,       ,          ,              ,                  true
          SHOP.*.com,   ,          ,              ,                  true
          shop,         ,          ,              ,                  false
          *.org,        ,          ,              ,                  false
          ,             us-east-1, ,              ,                  true
          ,             eu-west-1, ,              ,                  false
          ,             ,          customer,      ,                  true
          ,             ,          customer=4711, ,                  true
          ,             ,          customer=47,   ,                  false
          ,             ,          team,          ,                  false
          ,             ,          =4711,         ,                  false
          ,             ,          ,              TEMPORARY_FAILURE, true
          ,             ,          ,              FAILED,            false
          shop.*,       us-east-1, customer=4711, TEMPORARY_FAILURE, true
          shop.*,       us-east-1, customer=4711, FAILED,            false
          """)
  void everyPartThatIsGivenHasToMatch(
      @Nullable String name,
      @Nullable String region,
      @Nullable String label,
      @Nullable Cause cause,
      boolean matches) {
    IdentityState state =
        named("shop.example.com")
            .sight(true, live("b.shop.example.com", "UseDefaultValue", "TemporaryFailure"), null)
            .standing(Effect.FALLBACK, Cause.TEMPORARY_FAILURE, Phase.LIVE)
            .wanted(
                settings("b.shop.example.com", "UseDefaultValue"),
                Activation.STAGED,
                Map.of("customer", "4711"))
            .build();
    assertEquals(
        matches, silence(new Silence.Match(name, region, label, cause)).matches(state, T0));
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          -1,      false
          0,       true
          2591999, true
          2592000, false
          """)
  void itHoldsFromItsStartUntilJustBeforeItsEnd(long seconds, boolean matches) {
    assertEquals(
        matches,
        silence(EVERYTHING)
            .matches(named("shop.example.com").build(), T0.plus(Duration.ofSeconds(seconds))));
  }

  @ParameterizedTest
  @CsvSource({"customer", "customer=4711", "=4711"})
  void whoWasNeverAskedHasNoLabel(String label) {
    Silence.Match match = new Silence.Match(null, null, label, null);
    assertFalse(silence(match).matches(named("shop.example.com").build(), T0));
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      textBlock =
          """
          # ended at, held from, and before
          -60,        -,         -
          0,          -,         -
          60,         0,         60
          2592000,    0,         2592000
          2592060,    0,         2592000
          """)
  void oneThatIsEndedHoldsUntilThenAndOneThatWasTakenBackBeforeItBeganNever(
      int second, @Nullable Integer from, @Nullable Integer before) {
    IdentityState state = named("shop.example.com").build();
    Silence ended = silence(EVERYTHING).ended(T0.plusSeconds(second));
    for (int at : new int[] {-61, -60, -1, 0, 59, 60, 2591999, 2592000, 2592060}) {
      assertEquals(
          from != null && before != null && at >= from && at < before,
          ended.matches(state, T0.plusSeconds(at)),
          () -> "at " + at);
      assertEquals(
          before == null || at >= before ? Silence.State.ENDED : ended.state(T0.plusSeconds(at)),
          ended.state(T0.plusSeconds(at)));
    }
  }

  /**
   * Each reason, in a story whose last step tells it when there is no silence. Under a silence the
   * last step tells it too, unless it is one of those that a silence holds back. What is told about
   * runs belongs to no identity, and a silence is asked for identities only.
   */
  @ParameterizedTest
  @EnumSource(value = Reason.class)
  void aSilenceHoldsBackWhatItMayAndNothingElse(Reason reason) {
    if (reason.kind() == Reason.Kind.RUN) {
      assertFalse(HELD_BACK.contains(reason));
      return;
    }
    assertEquals(List.of(reason), lastStepOf(reason, List.of()));
    assertEquals(
        HELD_BACK.contains(reason) ? List.of() : List.of(reason),
        lastStepOf(reason, List.of(silence(EVERYTHING))));
  }

  @ParameterizedTest
  @CsvSource({"STARTED, 15", "REMINDER, 1500"})
  void rejectedMailIsToldAndRemindedOfWhateverIsSilenced(Reason reason, int minute) {
    Story story = new Story();
    List<Silence> all = List.of(silence(EVERYTHING));
    story.step(0, "UseDefaultValue", "Success", List.of());
    story.step(15, "RejectMessage", "TemporaryFailure", all);
    if (minute > 15) {
      story.step(minute, "RejectMessage", "TemporaryFailure", all);
    }
    assertEquals(List.of(reason), story.toldLast);
  }

  @Test
  void theLastChanceOfWhatWasSilencedFromItsStartIsToldAndThenThatItIsWorse() {
    Story story = new Story();
    List<Silence> all = List.of(silence(EVERYTHING));
    story.step(0, "UseDefaultValue", "Success", List.of());
    story.step(15, "UseDefaultValue", "TemporaryFailure", all);
    assertEquals(List.of(), story.toldLast);
    story.step(15 + 60 * 61, "UseDefaultValue", "TemporaryFailure", all);
    assertEquals(List.of(Reason.LAST_CHANCE), story.toldLast);
    story.step(15 + 60 * 72, "UseDefaultValue", "Failed", all);
    assertEquals(List.of(Reason.WORSE), story.toldLast);
  }

  @Test
  void whatBecomesRejectedIsWorse() {
    Story story = new Story();
    story.step(0, "UseDefaultValue", "Success", List.of());
    story.step(15, "UseDefaultValue", "TemporaryFailure", List.of());
    story.step(30, "RejectMessage", "TemporaryFailure", List.of(silence(EVERYTHING)));
    assertEquals(List.of(Reason.WORSE), story.toldLast);
  }

  @Test
  void atItsEndWhatIsStillBadAndWasNotToldIsTold() {
    Story story = new Story();
    Silence short15 =
        new Silence("s1", EVERYTHING, T0, T0.plus(Duration.ofMinutes(40)), "move", "arn:mia");
    story.step(0, "UseDefaultValue", "Success", List.of(short15));
    story.step(15, "UseDefaultValue", "TemporaryFailure", List.of(short15));
    assertEquals(List.of(), story.toldLast);
    story.step(30, "UseDefaultValue", "TemporaryFailure", List.of(short15));
    assertEquals(List.of(), story.toldLast);
    story.step(45, "UseDefaultValue", "TemporaryFailure", List.of(short15));
    assertEquals(List.of(Reason.STARTED), story.toldLast);
  }

  private static List<Reason> lastStepOf(Reason reason, List<Silence> silences) {
    Story story = new Story();
    String ok = "Success";
    String lost = "TemporaryFailure";
    String use = "UseDefaultValue";
    String reject = "RejectMessage";
    story.step(0, use, ok, List.of());
    switch (reason) {
      case STARTED -> story.step(15, use, lost, silences);
      case WORSE -> {
        story.step(15, use, lost, List.of());
        story.step(30, use, "Failed", silences);
      }
      case BETTER -> {
        story.step(15, reject, lost, List.of());
        story.step(30, use, lost, silences);
      }
      case LAST_CHANCE -> {
        story.step(15, use, lost, List.of());
        story.step(15 + 60 * 61, use, lost, silences);
      }
      case REMINDER -> {
        story.step(15, use, lost, List.of());
        story.step(15 + 60 * 25, use, lost, silences);
      }
      case FLAPPING -> {
        story.step(15, use, lost, List.of());
        story.step(30, use, ok, List.of());
        story.step(45, use, ok, List.of());
        story.step(60, use, lost, List.of());
        story.step(75, use, ok, List.of());
        story.step(90, use, ok, List.of());
        story.step(105, use, lost, silences);
      }
      case RECOVERED -> {
        story.step(15, use, lost, List.of());
        story.step(30, use, ok, List.of());
        story.step(45, use, ok, silences);
      }
      case DRIFT -> {
        story.managed();
        story.step(15, use, ok, List.of());
        story.step(30, reject, ok, silences);
      }
      case DRIFT_OVER -> {
        story.managed();
        story.step(15, use, ok, List.of());
        story.step(30, reject, ok, List.of());
        story.step(45, use, ok, List.of());
        story.step(60, use, ok, silences);
      }
      case EARLY_WARNING -> {
        story.look(1, true);
        story.look(15, false);
        story.silences = silences;
        story.look(30, false);
      }
      case EARLY_WARNING_OVER -> {
        story.look(1, true);
        story.look(15, false);
        story.look(30, false);
        story.look(45, true);
        story.silences = silences;
        story.look(60, true);
      }
      case NOT_APPLIED_OVER -> {
        story.notApplied(15);
        story.managed();
        story.step(30, use, ok, List.of());
        story.step(45, use, ok, silences);
      }
      case GONE -> {
        story.step(15, use, lost, List.of());
        story.gone(30);
      }
      case NOT_APPLIED -> story.notApplied(15);
      case READY -> {
        story = new Story();
        story.step(0, use, "Pending", List.of());
        story.step(15, use, ok, silences);
      }
      case BASELINE,
          HELD,
          HELD_OVER,
          BLIND,
          BLIND_OVER,
          DNS_BLIND,
          DNS_BLIND_OVER,
          MISSING,
          MISSING_OVER,
          UNHEARD,
          UNHEARD_OVER,
          SILENCE_OVER,
          WEEKLY ->
          throw new IllegalArgumentException(reason + " is not about an identity");
    }
    return story.toldLast;
  }

  /** One identity over time. */
  private static final class Story {
    private IdentityState state = IdentityState.unseen(TestingIdentity.key("example.com"));
    private List<Reason> toldLast = List.of();
    private List<Silence> silences = List.of();

    void managed() {
      state = state.withDesired(applied(staged("bounce.example.com", "UseDefaultValue")));
    }

    void step(int minute, String behavior, String status, List<Silence> during) {
      silences = during;
      evaluate(minute, live("bounce.example.com", behavior, status), null);
    }

    void gone(int minute) {
      became(Evaluation.gone(state, null, T0.plus(Duration.ofMinutes(minute)), true));
    }

    void notApplied(int minute) {
      became(Evaluation.notApplied(state, "no", T0.plus(Duration.ofMinutes(minute))));
    }

    void look(int minute, boolean right) {
      Answer<MxRecord> mx =
          right
              ? new Answer.Found<>(List.of(MxRecord.feedback("us-east-1")))
              : new Answer.None<>(true);
      evaluate(minute, live("bounce.example.com", "UseDefaultValue", "Success"), Views.with(mx));
    }

    private void evaluate(int minute, Live live, @Nullable DnsView view) {
      Instant at = T0.plus(Duration.ofMinutes(minute));
      became(
          Evaluation.evaluate(
              state,
              new Observation(at, at, true, live, null, null, view),
              new EvaluationContext(
                  Ancestor.NONE,
                  new TreeSet<>(List.of(TestingIdentity.REGION)),
                  true,
                  null,
                  silences)));
    }

    private void became(IdentityState next) {
      List<Notice> after = new ArrayList<>(next.incidentState().owed());
      after.removeAll(state.incidentState().owed());
      state = next;
      toldLast = after.stream().map(Notice::reason).toList();
    }
  }
}
