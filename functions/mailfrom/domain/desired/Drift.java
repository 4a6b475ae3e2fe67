package mailfrom.domain.desired;

import java.time.Instant;
import mailfrom.domain.ses.Settings;
import org.jspecify.annotations.Nullable;

/**
 * Settings that somebody else put in the place of what was asked for.
 *
 * @param since when they were first seen
 * @param by the caller's ARN; null when nobody said who
 * @param told when DRIFT was told of them last; null when it was not yet
 */
public record Drift(Settings live, Instant since, @Nullable String by, @Nullable Instant told) {

  /** The same, told now. */
  public Drift toldAt(Instant at) {
    return new Drift(live, since, by, at);
  }
}
