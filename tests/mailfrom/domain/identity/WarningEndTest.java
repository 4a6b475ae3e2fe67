package mailfrom.domain.identity;

import static mailfrom.domain.identity.TestingIdentity.T0;
import static mailfrom.domain.identity.TestingIdentity.applied;
import static mailfrom.domain.identity.TestingIdentity.around;
import static mailfrom.domain.identity.TestingIdentity.live;
import static mailfrom.domain.identity.TestingIdentity.settings;
import static mailfrom.domain.identity.TestingIdentity.staged;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import mailfrom.domain.desired.DesiredState;
import mailfrom.domain.desired.PlanAction;
import mailfrom.domain.desired.Progress;
import mailfrom.domain.desired.SetCall;
import mailfrom.domain.dns.Answer;
import mailfrom.domain.dns.DnsView;
import mailfrom.domain.dns.Views;
import mailfrom.domain.incident.Notice;
import mailfrom.domain.incident.Reason;
import mailfrom.domain.incident.Severity;
import mailfrom.domain.ses.Live;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What was told beside incidents is told as over: stories of reads, a quarter of an hour apart. */
class WarningEndTest {
  private static final String BOUNCE = "bounce.example.com";
  private static final String USE = "UseDefaultValue";

  private IdentityState state = IdentityState.unseen(TestingIdentity.key("example.com"));
  private Instant now = T0;
  private final Set<String> ids = new HashSet<>();
  private final List<String> told = new ArrayList<>();
  private final List<String> details = new ArrayList<>();

  /**
   * One thing that happens, a quarter of an hour after the one before; with a number before it that
   * many hours after.
   */
  private void happens(String what) {
    int letter = what.length() - 1;
    now =
        now.plus(
            letter == 0
                ? Duration.ofMinutes(15)
                : Duration.ofHours(Integer.parseInt(what.substring(0, letter))));
    switch (what.charAt(letter)) {
      case 'a' -> read(live(BOUNCE, USE, "Success"), true, null);
      case 't' -> read(live("theirs.example.com", USE, "Success"), true, null);
      case 'm' -> read(live("mail.example.com", USE, "Success"), true, null);
      case 'b' -> read(live(BOUNCE, "RejectMessage", "Success"), true, null);
      case 'n' -> read(Live.NONE, true, null);
      case 'f' -> read(live(BOUNCE, USE, "TemporaryFailure"), true, null);
      case 'u' -> read(live(BOUNCE, USE, "Success"), false, null);
      case '?' -> read(null, null, null);
      case 'r' -> read(live(BOUNCE, USE, "Success"), true, Views.healthy());
      case 'w' -> read(live(BOUNCE, USE, "Success"), true, Views.with(Views.mx(null)));
      case 'W' -> read(live(BOUNCE, USE, "TemporaryFailure"), true, Views.with(Views.mx(null)));
      case 'R' -> read(live(BOUNCE, USE, "TemporaryFailure"), true, Views.healthy());
      case '-' ->
          read(
              live(BOUNCE, USE, "Success"), true, Views.with(new Answer.CouldNotAsk<>("SERVFAIL")));
      case 'A' -> become(state.withDesired(applied(staged(BOUNCE, USE))));
      case 'N' ->
          become(
              Evaluation.notApplied(
                  asked("mail.example.com").withProgress(as -> as.with(Progress.State.REFUSED)),
                  "no.",
                  now));
      case 'S' ->
          become(
              state.withHealing(
                  state
                      .healingState()
                      .set(
                          new SetCall(
                              settings(BOUNCE, USE), PlanAction.REPAIR, "watch", now, now, now))));
      case 'P' -> become(asked(BOUNCE));
      case 'C' -> become(asked(null));
      case 'F' -> become(state.neverAsked());
      case 'D' -> become(Evaluation.deleted(state, null, now, true));
      default -> throw new IllegalArgumentException(what);
    }
  }

  private IdentityState asked(@Nullable String domain) {
    return state.withDesired(
        DesiredState.asked(state.desiredState(), staged(domain, USE), "arn:mia", now));
  }

  private void read(@Nullable Live live, @Nullable Boolean verified, @Nullable DnsView view) {
    become(
        Evaluation.evaluate(
            state, new Observation(now, now, verified, live, null, null, view), around()));
  }

  private void become(IdentityState next) {
    state = next;
    for (Notice notice : state.incidentState().owed()) {
      if (ids.add(notice.id())) {
        told.add(notice.reason().name());
        details.add(String.valueOf(notice.detail()));
      }
    }
  }

  private String story(String steps) {
    for (String step : steps.split(" ", -1)) {
      happens(step);
    }
    return String.join(" ", told);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # a as asked, t theirs, b their behaviour, n none, f falls back, u not verified, ? not read
          # asked for: A applied, P again, C nothing, F never; N refused; D deleted
          A a t a         | DRIFT
          A a t a a       | DRIFT DRIFT_OVER
          A a t a ? a     | DRIFT DRIFT_OVER
          A a b a a       | DRIFT DRIFT_OVER
          A a t f f       | DRIFT STARTED DRIFT_OVER
          A a t n a a     | DRIFT STARTED RECOVERED DRIFT_OVER
          A a t t t t     | DRIFT
          A a t u u       | DRIFT STARTED
          A a t u u a a   | DRIFT STARTED RECOVERED DRIFT_OVER
          A a t D         | DRIFT GONE
          A a t F t t     | DRIFT DRIFT_OVER
          A a t P t t     | DRIFT
          A a t P a a     | DRIFT DRIFT_OVER
          A a t C t n n   | DRIFT DRIFT_OVER
          # it comes back at once, or once it was over: the end is told after 25 hours
          A a t a t a a   | DRIFT
          A a t a t a 24a | DRIFT
          A a t a t a 25a | DRIFT DRIFT_OVER
          A a t a a t a a | DRIFT DRIFT_OVER DRIFT
          A a t a a t a 25a t | DRIFT DRIFT_OVER DRIFT DRIFT_OVER DRIFT
          # owners that take turns each day: over once, and then told no more
          A a t 12a a 12t 12a 12t 12a 12t | DRIFT DRIFT_OVER DRIFT
          # more than a week after its end it is another one
          A a t a a 200t a a | DRIFT DRIFT_OVER DRIFT DRIFT_OVER
          # what lasts is told again in a week, and is over once
          A a t 168t a a  | DRIFT DRIFT DRIFT_OVER

          A a N a a       | NOT_APPLIED
          A a N P a       | NOT_APPLIED
          A a N P a a     | NOT_APPLIED NOT_APPLIED_OVER
          A a N F a a     | NOT_APPLIED NOT_APPLIED_OVER
          A a N C a n n   | NOT_APPLIED NOT_APPLIED_OVER
          A a N N P a a   | NOT_APPLIED NOT_APPLIED NOT_APPLIED_OVER
          A a N D         | NOT_APPLIED GONE
          # somebody else sets what was refused, and takes it back: it came back
          A a N m m       | NOT_APPLIED NOT_APPLIED_OVER
          A a N m a m m   | NOT_APPLIED
          """)
  void settingsThatWereNotAsAskedForAreToldAsOver(String steps, String expected) {
    assertEquals(expected, story(steps));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # r the MX is right, w it is not, - no answer; R and W the same while mail falls back
          r w w r       | EARLY_WARNING
          r w w r r     | EARLY_WARNING EARLY_WARNING_OVER
          r w w r - r   | EARLY_WARNING EARLY_WARNING_OVER
          r w w a a     | EARLY_WARNING
          r w w w w     | EARLY_WARNING
          r w w - - -   | EARLY_WARNING
          # an incident has an end of its own
          r w w W R r r r | EARLY_WARNING STARTED RECOVERED
          r w w R R     | EARLY_WARNING STARTED
          r w w u u w w | EARLY_WARNING STARTED RECOVERED
          r w w u u w w r r | EARLY_WARNING STARTED RECOVERED EARLY_WARNING_OVER
          r w w D       | EARLY_WARNING GONE
          # nobody misses it: nothing is wanted any more
          r w w C n n   | EARLY_WARNING EARLY_WARNING_OVER
          # it comes and goes: told twice, and then as over after six hours
          r w w r r w w r r | EARLY_WARNING EARLY_WARNING_OVER EARLY_WARNING
          r w w r r w w r w w r w w | EARLY_WARNING EARLY_WARNING_OVER EARLY_WARNING
          r w w r r w w r 6r | EARLY_WARNING EARLY_WARNING_OVER EARLY_WARNING EARLY_WARNING_OVER
          """)
  void anEarlyWarningIsToldAsOver(String steps, String expected) {
    assertEquals(expected, story(steps));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          A a t a a   | DRIFT_OVER         | SES has what is asked for: bounce.example.com with UseDefaultValue.
          A a t S a a | DRIFT_OVER         | SES has what is asked for: bounce.example.com with UseDefaultValue, set by watch.
          A S a t a a | DRIFT_OVER         | SES has what is asked for: bounce.example.com with UseDefaultValue.
          A a N m S m | NOT_APPLIED_OVER   | SES has what is asked for: mail.example.com with UseDefaultValue.
          A a t F t t | DRIFT_OVER         | Nothing is asked for here any more.
          r w w r r   | EARLY_WARNING_OVER | SES says Success, as it did all the time.
          r w w C n n | EARLY_WARNING_OVER | No custom MAIL FROM domain is set any more.
          """)
  void anEndSaysWhatIsSoNow(String steps, Reason reason, String detail) {
    String _ = story(steps);
    Notice over = state.incidentState().owed().getLast();
    assertEquals(reason, over.reason());
    assertEquals(Severity.INFO, over.severity());
    assertEquals(detail, details.getLast());
  }

  @Test
  void theSameEndHasTheSameId() {
    story("A a t a a");
    assertEquals(
        Notice.idOf(state.key(), T0.plus(Duration.ofMinutes(45)), Reason.DRIFT_OVER, 0),
        state.incidentState().owed().getLast().id());
  }
}
