package mailfrom.api;

/** The kinds of answers that are no success: stable types of RFC 9457. */
enum ProblemType {
  MALFORMED_REQUEST("malformed-request", 400, "The request is malformed"),
  CALLER_UNKNOWN("caller-unknown", 403, "Who calls is not known"),
  NOT_MANAGED("not-managed", 403, "The identity is not among the managed ones"),
  UNKNOWN_IDENTITY("unknown-identity", 404, "SES does not know the identity"),
  UNKNOWN_BATCH("unknown-batch", 404, "There is no such batch"),
  UNKNOWN_SILENCE("unknown-silence", 404, "There is no such silence"),
  NO_SUCH_PATH("no-such-path", 404, "There is nothing at this path"),
  METHOD_NOT_ALLOWED("method-not-allowed", 405, "The method is not allowed here"),
  PRECONDITION_FAILED("precondition-failed", 412, "The desired settings are not those of If-Match"),
  BODY_TOO_LARGE("body-too-large", 413, "The body is too large"),
  UNSUPPORTED_MEDIA_TYPE("unsupported-media-type", 415, "The body is not said to be JSON"),
  RULES_BROKEN("rules-broken", 422, "The settings break rules"),
  REFUSED_BY_SES("refused-by-ses", 422, "SES refused the settings"),
  IDEMPOTENCY_KEY_REUSED(
      "idempotency-key-reused", 422, "The Idempotency-Key came with another request before"),
  TOO_MANY_SILENCES("too-many-silences", 422, "As many silences are kept as may be"),
  COULD_NOT_ASK_SES("could-not-ask-ses", 503, "SES could not be asked"),
  COULD_NOT_PUBLISH("could-not-publish", 503, "SNS did not take a message");

  private final String slug;
  private final int status;
  private final String title;

  ProblemType(String slug, int status, String title) {
    this.slug = slug;
    this.status = status;
    this.title = title;
  }

  String urn() {
    return "urn:ses-mail-from:problem:" + slug;
  }

  int status() {
    return status;
  }

  String title() {
    return title;
  }
}
