package mailfrom.app.advice;

import static mailfrom.domain.identity.TestingIdentity.T0;
import static mailfrom.domain.identity.TestingIdentity.live;
import static mailfrom.domain.identity.TestingIdentity.named;
import static mailfrom.domain.identity.TestingIdentity.settings;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import mailfrom.app.advice.Step.Kind;
import mailfrom.domain.desired.Drift;
import mailfrom.domain.desired.HealPolicy;
import mailfrom.domain.desired.Progress;
import mailfrom.domain.effect.Cause;
import mailfrom.domain.effect.Effect;
import mailfrom.domain.effect.Phase;
import mailfrom.domain.findings.RecordToDo;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.identity.TestingIdentity;
import mailfrom.domain.name.DomainName;
import mailfrom.domain.ses.Live;
import mailfrom.domain.ses.SesView;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class StepsTest {
  private static final HealPolicy POLICY = new HealPolicy(true, false);
  private static final String WANTED = "bounce.example.com";
  private static final String FOREIGN = "mailer.example.com";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      textBlock =
          """
          # mail gets | why              | it is              | steps
          CUSTOM      | -                | -                  |
          CUSTOM      | -                | managed            |
          DEFAULT     | -                | -                  |
          FALLBACK    | PENDING          | -                  | PUBLISH, CHECK
          FALLBACK    | PENDING          | not looked at      | PUBLISH_IF_MISSING, CHECK
          FALLBACK    | PENDING          | published          | NOTHING_TO_PUBLISH, CHECK
          REJECTED    | PENDING          | -                  | PUBLISH, CHECK, LET_MAIL_FLOW
          REJECTED    | PENDING          | managed            | PUBLISH, CHECK, LET_MAIL_FLOW
          FALLBACK    | TEMPORARY_FAILURE | managed           | PUBLISH, CHECK
          REJECTED    | TEMPORARY_FAILURE | managed           | PUBLISH, CHECK, LET_MAIL_FLOW
          FALLBACK    | FAILED           | -                  | PUBLISH, CHECK, START_AGAIN
          FALLBACK    | FAILED           | managed            | PUBLISH, CHECK, START_AGAIN_NOW
          REJECTED    | FAILED           | -                  | PUBLISH, CHECK, LET_MAIL_FLOW_AND_START_AGAIN
          REJECTED    | FAILED           | managed            | PUBLISH, CHECK, LET_MAIL_FLOW, START_AGAIN_NOW
          FALLBACK    | REMOVED          | managed            | SET_AGAIN, PUBLISH, WANT_NOTHING, CHECK
          FALLBACK    | REMOVED          | managed, drifted   | SET_AGAIN, PUBLISH_IF_MISSING, WANT_NOTHING, CHECK
          FALLBACK    | REMOVED          | -                  | SET_AGAIN, PUBLISH, WANT_NOTHING, CHECK
          FALLBACK    | NOT_COVERED      | -                  | GIVE_IT_ONE, WANT_NOTHING, CHECK
          UNVERIFIED  | VERIFICATION_LOST | managed           | PUBLISH_DKIM, VERIFY_AGAIN, CHECK
          UNVERIFIED  | VERIFICATION_LOST | managed, drifted  | PUBLISH_DKIM, VERIFY_AGAIN, CHECK
          UNVERIFIED  | VERIFICATION_LOST | an address        | CONFIRM, CHECK
          CUSTOM      | -                | managed, drifted   | PUT_BACK, PUBLISH_IF_MISSING, CHECK, KEEP_IT
          REJECTED    | PENDING          | managed, drifted   | PUT_BACK, PUBLISH_IF_MISSING, CHECK, KEEP_IT
          CUSTOM      | -                | managed, refused   | CHECK, ASK_AGAIN
          FALLBACK    | PENDING          | managed, refused   | CHECK, ASK_AGAIN, PUBLISH, CHECK
          CUSTOM      | -                | deleted            | VERIFY_IF_NOT_MEANT
          CUSTOM      | -                | managed, deleted   | VERIFY_IF_NOT_MEANT, THEN_ASK
          """)
  void eachStateHasItsSteps(
      Effect effect, @Nullable Cause cause, @Nullable String is, @Nullable String expected) {
    Set<String> traits = is == null ? Set.of() : Set.of(is.split(", "));
    assertEquals(
        expected == null ? "" : expected,
        kinds(Steps.of(state(effect, cause, traits), null, POLICY)));
  }

  private static String kinds(List<Step> steps) {
    return steps.stream().map(step -> step.kind().name()).collect(Collectors.joining(", "));
  }

  /** With its records to be added, as the newest look found them, unless it is something else. */
  private static IdentityState state(Effect effect, @Nullable Cause cause, Set<String> traits) {
    boolean isDrifted = traits.contains("drifted");
    String name = traits.contains("an address") ? "news@example.com" : "example.com";
    String domain = isDrifted ? FOREIGN : WANTED;
    Live live =
        cause == Cause.REMOVED || cause == Cause.NOT_COVERED || effect == Effect.DEFAULT
            ? Live.NONE
            : live(
                domain,
                effect == Effect.REJECTED ? "RejectMessage" : "UseDefaultValue",
                cause == Cause.PENDING
                    ? "Pending"
                    : cause == Cause.FAILED
                        ? "Failed"
                        : cause == Cause.TEMPORARY_FAILURE ? "TemporaryFailure" : "Success");
    TestingIdentity identity =
        named(name)
            .sight(effect != Effect.UNVERIFIED, live, true)
            .standing(effect, cause, cause == Cause.NOT_COVERED ? null : Phase.LIVE);
    if (cause == Cause.REMOVED) {
      identity.had(domain);
    }
    if (traits.contains("managed")) {
      identity.wanted(settings(WANTED, "RejectMessage"));
    }
    if (!traits.contains("not looked at")) {
      RecordToDo mx =
          RecordToDo.mx(DomainName.of(domain), DomainName.of("example.com"), "us-east-1");
      identity.dns(
          domain,
          List.of(),
          List.of(
              new RecordToDo(
                  mx.name(),
                  mx.type(),
                  mx.zone(),
                  mx.priority(),
                  mx.value(),
                  mx.ttlSeconds(),
                  traits.contains("published") ? RecordToDo.State.PRESENT : RecordToDo.State.ADD)));
    }
    IdentityState state = identity.build();
    if (isDrifted) {
      state = state.ifAsked(asked -> asked.drifted(new Drift(live.settings(), T0, null, null)));
    }
    if (traits.contains("refused")) {
      state = state.ifAsked(asked -> asked.with(Progress.State.REFUSED));
    }
    SesView seen = state.sesView();
    return traits.contains("deleted") ? state.withSesView(seen.goneAt(T0)) : state;
  }

  /** Also once it was removed, and when it is what SES had last. */
  @ParameterizedTest
  @EnumSource(
      value = Cause.class,
      names = {"NOT_COVERED", "VERIFICATION_LOST"},
      mode = EnumSource.Mode.EXCLUDE)
  void anIntrudersDomainIsNeverToldToBePublished(Cause cause) {
    IdentityState state = state(Effect.FALLBACK, cause, Set.of("managed", "drifted"));
    Set<String> names = new TreeSet<>();
    Steps.of(state, null, POLICY).stream()
        .flatMap(step -> step.records().stream())
        .forEach(item -> names.add(item.name().value()));
    assertEquals(Set.of(WANTED), names);
  }

  @Test
  void whatIsNotCoveredIsGivenADomainLikeThatOfTheOneAbove() {
    IdentityState above =
        named("example.com")
            .sight(true, live("mail.example.com", "UseDefaultValue", "Success"), true)
            .build();
    IdentityState below =
        named("shop.example.com").standing(Effect.FALLBACK, Cause.NOT_COVERED, null).build();
    assertTrue(give(below, above).contains("\"mailFromDomain\":\"mail.shop.example.com\""));
    assertTrue(give(below, null).contains("\"mailFromDomain\":\"bounce.shop.example.com\""));
    IdentityState address =
        named("news@example.com").standing(Effect.FALLBACK, Cause.NOT_COVERED, null).build();
    assertTrue(give(address, above).contains("\"mailFromDomain\":\"mail.example.com\""));
  }

  private static String give(IdentityState state, @Nullable IdentityState above) {
    return Steps.of(state, above, POLICY).getFirst().commands().getFirst().spoken();
  }

  @Test
  void aListShowsTheFirstStepThatChangesSomething() {
    Stream.of("managed", "published")
        .forEach(
            trait ->
                assertEquals(
                    trait.equals("managed") ? Kind.PUBLISH : Kind.START_AGAIN,
                    Steps.first(
                            Steps.of(
                                state(Effect.FALLBACK, Cause.FAILED, Set.of(trait)), null, POLICY))
                        .map(Step::kind)
                        .orElseThrow()));
    List<Step> waiting =
        Steps.of(state(Effect.FALLBACK, Cause.PENDING, Set.of("published")), null, POLICY);
    assertEquals(Kind.NOTHING_TO_PUBLISH, Steps.first(waiting).map(Step::kind).orElseThrow());
  }

  @ParameterizedTest
  @EnumSource
  void theBriefWordsAreTheSameWords(Kind kind) {
    assertFalse(kind.brief().isEmpty());
    assertTrue(kind.brief().length() <= 80, kind.brief());
    assertTrue(kind == Kind.RENEW_THE_ZONE || kind.words().startsWith(kind.brief()), kind.brief());
  }
}
