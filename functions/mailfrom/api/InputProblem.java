package mailfrom.api;

import org.jspecify.annotations.Nullable;

/**
 * One thing that is wrong with a request as it was written.
 *
 * @param message what is wrong and how to mend it
 * @param pointer the JSON pointer (RFC 6901) into the body; null when it is not about the body
 */
record InputProblem(Code code, String message, @Nullable String pointer) {

  /** The kinds. */
  enum Code {
    INVALID_JSON,
    REQUIRED,
    WRONG_TYPE,
    UNKNOWN_FIELD,
    DUPLICATE_FIELD,
    INVALID_VALUE,
    MALFORMED_IDENTITY,
    REGION_REQUIRED,
    REGION_NOT_WATCHED,
    /** A broken rule (422), where the others make the request malformed (400). */
    MALFORMED_NAME
  }

  boolean isRule() {
    return code == Code.MALFORMED_NAME;
  }

  /** A caller's text, short enough to be repeated in a message. */
  static String quoted(String text) {
    int limit = 60;
    return "\"" + (text.length() <= limit ? text : text.substring(0, limit) + "…") + "\"";
  }
}
