package mailfrom.app.tell;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import mailfrom.domain.identity.Caller;
import mailfrom.domain.identity.Silence;
import mailfrom.domain.name.IdentityKey;
import org.jspecify.annotations.Nullable;

/** What the settings function does with silences: one method a call of the HTTP API. */
public interface SilenceApi {
  /** The silences that are kept at most, ended ones included: each run reads them all. */
  int MAX_KEPT = 1_000;

  /**
   * A silence as it is asked for.
   *
   * @param from null: from now on
   * @param reason why, in the words of the caller
   */
  record Ask(Silence.Match match, @Nullable Instant from, Instant until, String reason) {}

  /** What asking for a silence gave. */
  sealed interface Created {
    record Kept(Silence silence, Matches matches) implements Created {}

    /** What would be kept, had it not been a dry run; its id means nothing. */
    record WouldKeep(Silence silence, Matches matches) implements Created {}

    /** As many are kept as may be. */
    record TooMany() implements Created {}
  }

  /**
   * Whom a silence means now.
   *
   * @param first of them, by name and Region
   */
  record Matches(int count, List<IdentityKey> first) {}

  /**
   * Keeps a silence.
   *
   * @param dryRun only tells whom it would mean
   */
  Created create(Ask ask, boolean dryRun, Caller caller);

  /** A page of silences, the last to end first. */
  record Page(List<Silence> items, @Nullable String nextCursor) {}

  Page list(int limit, @Nullable String cursor);

  /**
   * Ends a silence now: what is still bad is told by the next run. One that had not begun is
   * forgotten, one that had ended is left as it is. Empty when there is none of this id.
   */
  Optional<Silence> end(String id, Caller caller);
}
