package mailfrom.domain.identity;

import java.time.Instant;

/**
 * Who asks, and when.
 *
 * @param arn the caller's ARN
 * @param at the request's own time
 */
public record Caller(String arn, Instant at) {}
