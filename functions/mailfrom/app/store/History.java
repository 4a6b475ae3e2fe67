package mailfrom.app.store;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import mailfrom.domain.desired.Desired;
import mailfrom.domain.effect.Verdict;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.ses.Live;
import mailfrom.domain.ses.MailFromStatus;
import mailfrom.domain.ses.Settings;
import org.jspecify.annotations.Nullable;

/** The history of a step: what changed between two states of an identity, in words. */
final class History {
  private History() {}

  /** The entries of a step. */
  static List<HistoryEntry> between(IdentityState before, IdentityState after, Author author) {
    String by = author.name();
    Instant at = author.at();
    List<HistoryEntry> entries = new ArrayList<>();
    add(entries, at, by, "desired", words(before.desired()), words(after.desired()));
    if (after.wasSeen()) {
      boolean seenBefore = before.wasSeen();
      Live live = after.sesView().live();
      Live old = before.sesView().live();
      // While a setup is started again, what changes is changed by us, whoever sees it.
      boolean ours = !seenBefore || before.healingState().intent() != null;
      add(
          entries,
          at,
          ours ? by : author.ofSettings(),
          "settings",
          seenBefore ? words(old.settings()) : null,
          words(live.settings()));
      add(
          entries,
          at,
          "SES",
          "status",
          seenBefore ? words(old.status()) : null,
          words(live.status()));
      add(
          entries,
          at,
          by,
          "effect",
          seenBefore ? words(before.effectState().verdict()) : null,
          words(after.effectState().verdict()));
    }
    return entries;
  }

  private static void add(
      List<HistoryEntry> entries,
      Instant at,
      String by,
      String what,
      @Nullable String before,
      @Nullable String after) {
    if (!Objects.equals(before, after)) {
      entries.add(new HistoryEntry(at, by, what, before, after));
    }
  }

  private static @Nullable String words(@Nullable Desired desired) {
    return desired == null
        ? null
        : words(desired.settings()) + ", " + desired.activation().word() + labels(desired);
  }

  private static String labels(Desired desired) {
    return desired.labels().isEmpty() ? "" : ", " + desired.labels();
  }

  private static String words(Settings settings) {
    return settings.mailFromDomain() == null
        ? "none"
        : settings.mailFromDomain() + ", " + settings.behaviorOnMxFailure().word();
  }

  private static @Nullable String words(@Nullable MailFromStatus status) {
    return status == null ? null : status.word();
  }

  private static String words(Verdict verdict) {
    return verdict.cause() == null
        ? verdict.effect().name()
        : verdict.effect() + ", " + verdict.cause();
  }
}
