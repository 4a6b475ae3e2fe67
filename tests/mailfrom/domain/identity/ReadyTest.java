package mailfrom.domain.identity;

import static mailfrom.domain.identity.Steps.AROUND;
import static mailfrom.domain.identity.Steps.BOUNCE;
import static mailfrom.domain.identity.TestingIdentity.T0;
import static mailfrom.domain.identity.TestingIdentity.live;
import static mailfrom.domain.identity.TestingIdentity.settings;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import mailfrom.domain.desired.Activation;
import mailfrom.domain.desired.Desired;
import mailfrom.domain.desired.PlanAction;
import mailfrom.domain.desired.SetCall;
import mailfrom.domain.incident.Notice;
import mailfrom.domain.incident.Reason;
import mailfrom.domain.incident.Topic;
import mailfrom.domain.ses.Live;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When READY is told: a set-up is done, or RejectMessage was promoted. Stories of reads. */
class ReadyTest {
  private IdentityState state = Steps.start();
  private Instant now = T0;
  private int told;

  /** A read of "status behavior domain": the last two are the usual ones when they are missing. */
  private void read(String seen, EvaluationContext around) {
    String[] words = seen.strip().split(" ", -1);
    String status = words[0];
    String behavior = words.length > 1 ? words[1] : "UseDefaultValue";
    String domain = words.length > 2 ? words[2] : BOUNCE;
    Live live = status.equals("none") ? Live.NONE : live(domain, behavior, status);
    now = now.plus(Duration.ofMinutes(15));
    state =
        Evaluation.evaluate(state, new Observation(now, now, true, live, null, null, null), around);
    told = (int) ready().count();
  }

  private Stream<Notice> ready() {
    return state.incidentState().owed().stream().filter(one -> one.reason() == Reason.READY);
  }

  private void asked(String behavior, Activation activation) {
    state =
        state.withDesired(
            TestingIdentity.applied(
                new Desired(settings(BOUNCE, behavior), activation, Set.of(), Map.of())));
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          # what is asked for         | what is read, in a row                                              | READY
                                      | Success                                                             | 0
                                      | Pending, Success                                                    | 1
                                      | Pending, Success, Success                                           | 1
                                      | none, Pending, Success                                              | 1
                                      | none, Success                                                       | 0
                                      | Pending, Failed                                                     | 0
                                      | Failed, Success                                                     | 1
                                      | Success, TemporaryFailure, Success                                  | 0
                                      | Pending, Success, Pending UseDefaultValue b.example.com, Success UseDefaultValue b.example.com | 2
                                      | Success, Success RejectMessage                                      | 0
          RejectMessage STAGED        | Success, Success RejectMessage                                      | 1
          RejectMessage STAGED        | Success, Success RejectMessage, Success RejectMessage               | 1
          RejectMessage STAGED        | Pending, Success, Success RejectMessage                             | 2
          RejectMessage STAGED        | Success RejectMessage                                               | 0
          RejectMessage STAGED        | TemporaryFailure, Success RejectMessage                             | 0
          RejectMessage STAGED        | Success, TemporaryFailure RejectMessage                             | 0
          RejectMessage STAGED        | Success, Success RejectMessage b.example.com                        | 0
          RejectMessage IMMEDIATE     | Success, Success RejectMessage                                      | 0
          UseDefaultValue STAGED      | Success, Success RejectMessage                                      | 0
          UseDefaultValue STAGED      | Success RejectMessage, Success                                      | 0
          """,
      delimiter = '|')
  void itIsReadyOnce(@Nullable String desired, String reads, int times) {
    if (desired != null) {
      String[] words = desired.split(" ", -1);
      asked(words[0], Activation.valueOf(words[1]));
    }
    for (String seen : reads.split(",", -1)) {
      read(seen, AROUND);
    }
    assertEquals(times, told);
  }

  @Test
  void beforeTheRegionsFirstReportNothingIs() {
    EvaluationContext first =
        new EvaluationContext(
            Ancestor.NONE, new TreeSet<>(List.of(TestingIdentity.REGION)), false, null, List.of());
    read("Pending", first);
    read("Success", first);
    assertEquals(0, told);
  }

  @Test
  void machinesHearItAndPeopleWhoHeardThatSesWasAboutToGiveUp() {
    read("Pending", AROUND);
    read("Success", AROUND);
    assertEquals(
        Set.of(Topic.ALERTS), ready().findFirst().orElseThrow().delivered(), "not for people");
    read("Pending RejectMessage b.example.com", AROUND);
    now = now.plus(Duration.ofHours(61));
    read("Pending RejectMessage b.example.com", AROUND);
    read("Success RejectMessage b.example.com", AROUND);
    assertEquals(2, told);
    assertEquals(Set.of(), ready().skip(1).findFirst().orElseThrow().delivered());
  }

  /** Nobody read the set-up between our Set and its success. */
  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          # settings of our last Set       | minutes after the last read | READY
          bounce.example.com               |  1                          | 1
          bounce.example.com               |  0                          | 1
          bounce.example.com               | -1                          | 0
          other.example.com                |  1                          | 0
                                           |  1                          | 0
          """,
      delimiter = '|')
  void aSetUpThatNobodyReadIsReadyToo(@Nullable String set, int minutes, int times) {
    read("none", AROUND);
    Instant at = now.plus(Duration.ofMinutes(minutes));
    state =
        state.withHealing(
            state
                .healingState()
                .set(
                    new SetCall(
                        settings(set, "UseDefaultValue"), PlanAction.APPLY, "mia", at, at, at)));
    read("Success", AROUND);
    assertEquals(times, told);
  }
}
