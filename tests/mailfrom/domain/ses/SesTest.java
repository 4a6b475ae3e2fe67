package mailfrom.domain.ses;

import static mailfrom.domain.identity.TestingIdentity.T0;
import static mailfrom.domain.identity.TestingIdentity.live;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What SES says, in its own words. */
class SesTest {
  private static final SesView SEEN =
      new SesView(
          true, live("bounce.example.com", "UseDefaultValue", "Success"), true, null, T0, 0, false);

  @Test
  void everyWordIsReadAsItIsWrittenAndNoOtherIs() {
    for (MailFromStatus status : MailFromStatus.values()) {
      assertEquals(Optional.of(status), MailFromStatus.ofWord(status.word()));
    }
    for (BehaviorOnMxFailure behavior : BehaviorOnMxFailure.values()) {
      assertEquals(Optional.of(behavior), BehaviorOnMxFailure.ofWord(behavior.word()));
    }
    assertEquals(Optional.empty(), MailFromStatus.ofWord("success"));
    assertEquals(Optional.empty(), BehaviorOnMxFailure.ofWord("REJECT_MESSAGE"));
  }

  @ParameterizedTest
  @CsvSource({"0, false", "1, false", "2, true", "3, true"})
  void whatTwoCompleteListingsInARowLackIsGone(int absences, boolean gone) {
    assertEquals(gone, SEEN.withAbsences(absences).isGone());
  }

  @Test
  void whatWasDeletedIsGoneSinceThen() {
    SesView gone = SEEN.goneAt(T0.plusSeconds(60));
    assertEquals(true, gone.isGone());
    assertEquals(T0.plusSeconds(60), gone.asOf());
  }

  @Test
  void theSameAtAnotherTimeIsTheSame() {
    SesView later = new SesView(true, SEEN.live(), true, null, T0.plusSeconds(60), 0, false);
    assertEquals(true, SEEN.sameExceptTime(later));
    assertEquals(false, SEEN.sameExceptTime(later.withAbsences(1)));
    assertEquals(
        false,
        SEEN.sameExceptTime(
            new SesView(true, SEEN.live(), false, null, T0.plusSeconds(60), 0, false)));
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      textBlock =
          """
          bounce.example.com, UseDefaultValue, Success, true
          bounce.example.com, RejectMessage,   Success, true
          bounce.example.com, UseDefaultValue, Pending, false
          other.example.com,  UseDefaultValue, Success, false
          -,                  UseDefaultValue, -,       false
          """)
  void aStatusIsTheSameOnlyForTheSameDomain(
      @Nullable String domain, String behavior, @Nullable String status, boolean same) {
    assertEquals(same, live(domain, behavior, status).hasStatusOf(SEEN.live()));
  }
}
