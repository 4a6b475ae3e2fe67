package mailfrom.app.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One change of an identity: who or what changed what, when.
 *
 * @param by a caller's ARN, or {@code watch}, or {@code somebody else}
 * @param what {@code desired}, {@code settings}, {@code status} or {@code effect}
 * @param before the old value in words; null when there was none
 * @param after the new value in words; null when there is none
 */
public record HistoryEntry(
    Instant at, String by, String what, @Nullable String before, @Nullable String after) {}
