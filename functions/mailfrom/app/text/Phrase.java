package mailfrom.app.text;

import java.time.Instant;
import mailfrom.domain.effect.Cause;
import mailfrom.domain.effect.Effect;
import mailfrom.domain.incident.Notice;
import mailfrom.domain.incident.Reason;
import org.jspecify.annotations.Nullable;

/**
 * What is told of one identity or of many, in a few words.
 *
 * @param one with {@code %s} for the name
 * @param many with {@code %s} for the number of identities
 * @param brief beside others: with {@code %s} for the number of identities
 */
record Phrase(String one, String many, String brief) {

  /**
   * The words for what is told.
   *
   * @param firstDeadline when SES gives up on the first of all that are told of; null: not known
   */
  static Phrase of(Told told, @Nullable Instant firstDeadline) {
    Notice notice = told.main();
    return switch (notice.reason()) {
      case LAST_CHANCE -> lastChance(notice.deadline(), firstDeadline);
      case STARTED, WORSE, BETTER, REMINDER, FLAPPING -> now(notice);
      case RECOVERED -> over(notice);
      case GONE ->
          new Phrase("%s was deleted at SES", "%s were deleted at SES", "%s deleted at SES");
      case READY -> new Phrase("%s is ready", "%s are ready", "%s ready");
      case EARLY_WARNING ->
          new Phrase("%s: its MX answer changed", "%s: their MX answers changed", "%s may break");
      case DRIFT ->
          new Phrase(
              "%s: somebody else changed its settings",
              "%s: somebody else changed their settings", "%s changed by somebody else");
      case NOT_APPLIED ->
          new Phrase(
              "%s: SES refused its settings",
              "%s: SES refused their settings", "%s refused by SES");
      case EARLY_WARNING_OVER ->
          notice.effect() == Effect.CUSTOM
              ? new Phrase(
                  "%s: its MX answer is right again",
                  "%s: their MX answers are right again", "%s with the right MX again")
              : new Phrase(
                  "%s: its early warning is over",
                  "%s: their early warnings are over", "%s without a warning");
      case DRIFT_OVER, NOT_APPLIED_OVER ->
          new Phrase(
              "%s: its settings are as asked for",
              "%s: their settings are as asked for", "%s as asked for again");
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
          throw new IllegalArgumentException(notice.reason() + " is not about an identity");
    };
  }

  private static Phrase lastChance(@Nullable Instant deadline, @Nullable Instant first) {
    String from = first == null ? "soon" : "from " + Times.minute(first);
    return new Phrase(
        "%s is given up by SES " + (deadline == null ? "soon" : "at " + Times.minute(deadline)),
        "%s are given up by SES " + from,
        "%s given up by SES " + from);
  }

  private static Phrase now(Notice notice) {
    return switch (notice.effect()) {
      case UNVERIFIED ->
          new Phrase(
              "%s cannot send: verification lost",
              "%s cannot send: verification lost", "%s cannot send");
      case REJECTED -> new Phrase("%s is rejected by SES", "%s are rejected by SES", "%s rejected");
      case FALLBACK ->
          notice.cause() == Cause.NOT_COVERED
              ? new Phrase(
                  "%s has no MAIL FROM domain of its own",
                  "%s have no MAIL FROM domain of their own", "%s not covered")
              : new Phrase(
                  "%s falls back to amazonses.com",
                  "%s fall back to amazonses.com", "%s falling back");
      case CUSTOM ->
          new Phrase("%s: its SPF is broken", "%s: their SPF is broken", "%s with broken SPF");
      case DEFAULT ->
          new Phrase(
              "%s has no MAIL FROM domain",
              "%s have no MAIL FROM domain", "%s without a MAIL FROM domain");
    };
  }

  private static Phrase over(Notice notice) {
    return switch (notice.effect()) {
      case CUSTOM -> new Phrase("%s works again", "%s work again", "%s recovered");
      case DEFAULT ->
          new Phrase(
              "%s is over: no MAIL FROM domain is wanted",
              "%s are over: no MAIL FROM domain is wanted", "%s recovered");
      case UNVERIFIED ->
          new Phrase(
              "%s is over: it is not verified",
              "%s are over: they are not verified", "%s recovered");
      case FALLBACK, REJECTED -> new Phrase("%s is over", "%s are over", "%s recovered");
    };
  }

  /** Beside what is over: how many identities of the Region are still in trouble. */
  static String left(@Nullable Integer left) {
    return switch (left) {
      case null -> "";
      case 0 -> ", none is left";
      case 1 -> ", 1 is left";
      case Integer more -> ", %d are left".formatted(more);
    };
  }

  /** What else there is to say of the trouble: how it goes on, and whether it heals. */
  static String mark(Told told) {
    String mark = told.isHealing() ? "healing" : ReasonText.of(told.main().reason()).goesOn();
    return mark.isEmpty() ? "" : " (%s)".formatted(mark);
  }

  /** Why it is so, in a few words; empty when the phrase says it, or nobody knows. */
  static String why(Told told) {
    Notice notice = told.main();
    if (notice.reason().kind() != Reason.Kind.TROUBLE || notice.reason() == Reason.LAST_CHANCE) {
      return "";
    }
    if (told.drift().isPresent() && notice.cause() != Cause.REMOVED) {
      return ": settings changed";
    }
    return switch (notice.cause()) {
      case PENDING -> ": MX not found yet";
      case TEMPORARY_FAILURE -> ": MX record lost";
      case FAILED -> ": SES gave up";
      case REMOVED -> ": MAIL FROM domain removed";
      case VERIFICATION_LOST, NOT_COVERED -> "";
      case null -> "";
    };
  }

  /** Whether the trouble is one that the reader is to see first among equals in severity. */
  static int badness(Told told) {
    Notice notice = told.main();
    return switch (notice.reason().kind()) {
      case TROUBLE ->
          notice.effect() == Effect.FALLBACK && notice.reason() == Reason.LAST_CHANCE
              ? badness(Effect.REJECTED) + 1
              : badness(notice.effect());
      case SETTINGS -> notice.reason() == Reason.NOT_APPLIED ? 6 : 7;
      case WARNING -> 8;
      case END, DONE -> 9;
      case RUN -> 10;
    };
  }

  /** The order of what mail gets, worst first; the one after the first two is a last chance. */
  static int badness(Effect effect) {
    return switch (effect) {
      case UNVERIFIED -> 0;
      case REJECTED -> 1;
      case FALLBACK -> 3;
      case CUSTOM -> 4;
      case DEFAULT -> 5;
    };
  }
}
