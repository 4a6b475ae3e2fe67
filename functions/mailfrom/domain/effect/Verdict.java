package mailfrom.domain.effect;

import org.jspecify.annotations.Nullable;

/** What mail sent now gets, and why: a row of the effect table. */
public record Verdict(Effect effect, @Nullable Cause cause) {}
