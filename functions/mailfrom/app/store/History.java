package mailfrom.app.store;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import mailfrom.app.store.HistoryEntry.What;
import mailfrom.domain.desired.Desired;
import mailfrom.domain.desired.DesiredState;
import mailfrom.domain.desired.SetCall;
import mailfrom.domain.effect.Verdict;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.incident.Notice;
import mailfrom.domain.ses.Live;
import mailfrom.domain.ses.MailFromStatus;
import mailfrom.domain.ses.Settings;
import org.jspecify.annotations.Nullable;

/** The history of a step: what changed between two states of an identity, in words. */
final class History {
  private static final String SES = "SES";

  private final IdentityState before;
  private final IdentityState after;
  private final Author author;
  private final List<HistoryEntry> entries = new ArrayList<>();

  private History(IdentityState before, IdentityState after, Author author) {
    this.before = before;
    this.after = after;
    this.author = author;
  }

  /** The entries of a step. */
  static List<HistoryEntry> between(IdentityState before, IdentityState after, Author author) {
    History history = new History(before, after, author);
    history.changed(author.name(), What.DESIRED, words(before.desired()), words(after.desired()));
    history.set();
    history.refused();
    if (after.wasSeen()) {
      history.seen();
    }
    history.delivered();
    return history.entries;
  }

  private void changed(@Nullable String by, What what, @Nullable String from, @Nullable String to) {
    if (!Objects.equals(from, to)) {
      entries.add(new HistoryEntry(author.at(), by, what, null, from, to));
    }
  }

  /** Each Set is an entry with its own time, whether it changed anything or not. */
  private void set() {
    SetCall call = after.healingState().lastSet();
    if (call != null && call.returned() != null && !call.equals(before.healingState().lastSet())) {
      entries.add(
          new HistoryEntry(
              call.at(),
              call.by(),
              What.SETTINGS,
              call.action(),
              words(before.live().settings()),
              words(call.settings())));
    }
  }

  private void refused() {
    DesiredState asked = after.desiredState();
    DesiredState was = before.desiredState();
    if (asked != null && asked.isRefused() && (was == null || !was.isRefused())) {
      changed(author.name(), What.REFUSED, null, asked.progress().lastError());
    }
  }

  private void seen() {
    boolean seenBefore = before.wasSeen();
    Live live = after.sesView().live();
    Live old = before.sesView().live();
    // A Set of ours has its entry already, whoever sees it first.
    boolean isOurs = seenBefore && after.healingState().isOurs(live.settings());
    if (!isOurs) {
      changed(
          seenBefore ? Objects.requireNonNullElse(author.saidBy(), Author.SOMEBODY_ELSE) : null,
          What.SETTINGS,
          seenBefore ? words(old.settings()) : null,
          words(live.settings()));
    }
    changed(SES, What.STATUS, seenBefore ? words(old.status()) : null, words(live.status()));
    changed(
        null,
        What.EFFECT,
        seenBefore ? words(before.effectState().verdict()) : null,
        words(after.effectState().verdict()));
    if (after.isGone() && !before.isGone()) {
      changed(author.saidBy(), What.DELETED, words(old.settings()), null);
    }
  }

  /** A notice is an entry once a topic took it. */
  private void delivered() {
    Set<String> untold = new HashSet<>();
    after.incidentState().owed().stream()
        .filter(Notice::isUntold)
        .forEach(notice -> untold.add(notice.id()));
    for (Notice notice : before.incidentState().owed()) {
      if (notice.isUntold() && !untold.contains(notice.id())) {
        changed(
            Author.WATCH,
            What.NOTICE,
            null,
            "%s, %s".formatted(notice.reason(), notice.severity()));
      }
    }
  }

  private static @Nullable String words(@Nullable Desired desired) {
    return desired == null
        ? null
        : words(desired.settings()) + ", " + desired.activation().word() + labels(desired);
  }

  private static String labels(Desired desired) {
    StringBuilder labels = new StringBuilder();
    desired
        .labels()
        .forEach((name, value) -> labels.append(", ").append(name).append('=').append(value));
    return labels.toString();
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
