package mailfrom.domain.identity;

import static mailfrom.domain.identity.Steps.BOUNCE;
import static mailfrom.domain.identity.Steps.LOST_REJECTING;
import static mailfrom.domain.identity.Steps.PENDING;
import static mailfrom.domain.identity.Steps.SUCCESS;
import static mailfrom.domain.identity.Steps.step;
import static mailfrom.domain.identity.TestingIdentity.T0;
import static mailfrom.domain.identity.TestingIdentity.named;
import static mailfrom.domain.identity.TestingIdentity.settings;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import mailfrom.domain.effect.Effect;
import mailfrom.domain.effect.Phase;
import mailfrom.domain.incident.Notice;
import mailfrom.domain.incident.Reason;
import mailfrom.domain.incident.Topic;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who hears that an identity was deleted at SES: those who cared for it, or were told of it. */
class GoneTest {
  private static final Instant LATER = T0.plus(Duration.ofHours(70));

  /** What may be said of an identity when it is deleted. */
  enum Story {
    NEVER_CONFIGURED,
    ASKED_FOR,
    WORKING,
    FAILED,
    REJECTING,
    SETTING_UP,
    SETTING_UP_LAST_CHANCE_TOLD,
    WARNED_OF;

    IdentityState state() {
      return switch (this) {
        case NEVER_CONFIGURED -> named("example.com").build();
        case ASKED_FOR -> named("example.com").wanted(settings(BOUNCE, "UseDefaultValue")).build();
        case WORKING ->
            named("example.com")
                .sight(true, SUCCESS, null)
                .standing(Effect.CUSTOM, null, Phase.LIVE)
                .build();
        case FAILED -> step(NEVER_CONFIGURED.state(), 60, Steps.FAILED);
        case REJECTING -> step(WORKING.state(), 60, LOST_REJECTING);
        case SETTING_UP -> step(NEVER_CONFIGURED.state(), 60, PENDING);
        case SETTING_UP_LAST_CHANCE_TOLD -> step(SETTING_UP.state(), 62 * 60, PENDING);
        case WARNED_OF ->
            NEVER_CONFIGURED.state().warning(Reason.NOT_APPLIED, "SES refused it.", T0);
      };
    }
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          # identity                  | after the first report | before it
          NEVER_CONFIGURED            |                        |
          ASKED_FOR                   | WARNING                |
          WORKING                     | WARNING                |
          FAILED                      | INFO about it          |
          REJECTING                   | INFO about it          |
          SETTING_UP                  |                        |
          SETTING_UP_LAST_CHANCE_TOLD | INFO                   |
          WARNED_OF                   | INFO                   | INFO
          """,
      delimiter = '|')
  void itIsTold(Story story, @Nullable String after, @Nullable String before) {
    assertEquals(after, gone(story, true));
    assertEquals(before, gone(story, false));
  }

  private static @Nullable String gone(Story story, boolean baselined) {
    IdentityState before = story.state();
    IdentityState gone = Evaluation.gone(before, null, LATER, baselined);
    assertNull(gone.incidentState().incident(), "its incident is over");
    assertTrue(gone.incidentState().warnings().isEmpty(), "and so is what was warned of");
    List<Notice> told = gone.incidentState().owed();
    List<Notice> toldBefore = before.incidentState().owed();
    assertEquals(toldBefore, told.subList(0, toldBefore.size()), "what was owed stays owed");
    if (told.size() == toldBefore.size()) {
      return null;
    }
    Notice notice = told.getLast();
    assertEquals(toldBefore.size() + 1, told.size());
    assertEquals(Reason.GONE, notice.reason());
    assertEquals(LATER, notice.at());
    assertTrue(gone.owed(Topic.ALERTS).contains(notice), "people hear it");
    return notice.severity() + (notice.incident() == null ? "" : " about it");
  }

  @Test
  void whoDeletedItIsSaidWhenItIsKnown() {
    assertEquals(
        "It was deleted by mia.",
        Evaluation.gone(Story.WORKING.state(), "mia", LATER, true)
            .incidentState()
            .owed()
            .getLast()
            .detail());
    assertNull(
        Evaluation.gone(Story.WORKING.state(), null, LATER, true)
            .incidentState()
            .owed()
            .getLast()
            .detail());
  }
}
