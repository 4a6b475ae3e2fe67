package mailfrom.domain.ses;

import static mailfrom.domain.identity.TestingIdentity.T0;
import static mailfrom.domain.identity.TestingIdentity.settings;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import mailfrom.domain.identity.TestingIdentity;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What SES says, in its own words. */
class SesTest {
  private static final SesView SEEN =
      new SesView(
          true,
          TestingIdentity.live("bounce.example.com", "UseDefaultValue", "Success"),
          true,
          null,
          T0,
          0,
          false);

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
    assertEquals(same, TestingIdentity.live(domain, behavior, status).hasStatusOf(SEEN.live()));
  }

  /** What SES documents to say next; of a domain that it gave up nothing is documented. */
  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          # before                     | taken                                | next
          -                            | bounce.example.com UseDefaultValue   | bounce.example.com UseDefaultValue Pending
          bounce.example.com Success   | bounce.example.com RejectMessage     | bounce.example.com RejectMessage Success
          bounce.example.com Pending   | bounce.example.com RejectMessage     | bounce.example.com RejectMessage Pending
          bounce.example.com TemporaryFailure | bounce.example.com RejectMessage | bounce.example.com RejectMessage TemporaryFailure
          bounce.example.com Failed    | bounce.example.com UseDefaultValue   |
          bounce.example.com Failed    | other.example.com UseDefaultValue    | other.example.com UseDefaultValue Pending
          bounce.example.com Success   | other.example.com RejectMessage      | other.example.com RejectMessage Pending
          bounce.example.com Success   | -                                    | -
          bounce.example.com Failed    | -                                    | -
          """,
      delimiter = '|')
  void whatItTookIsWhatItSaysNext(String before, String taken, @Nullable String next) {
    Live live =
        before.equals("-")
            ? Live.NONE
            : TestingIdentity.live(
                before.split(" ", -1)[0], "UseDefaultValue", before.split(" ", -1)[1]);
    Settings settings =
        taken.equals("-")
            ? settings(null, "UseDefaultValue")
            : settings(taken.split(" ", -1)[0], taken.split(" ", -1)[1]);
    assertEquals(Optional.ofNullable(next).map(SesTest::live), live.after(settings));
  }

  private static Live live(String words) {
    String[] parts = words.split(" ", -1);
    return words.equals("-") ? Live.NONE : TestingIdentity.live(parts[0], parts[1], parts[2]);
  }
}
