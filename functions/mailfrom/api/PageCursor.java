package mailfrom.api;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import mailfrom.domain.incident.Notice;

/**
 * The cursor of a page as callers see it: the use case's own, tied to what was asked for, so that a
 * cut, mistyped or misused one is told. It keeps nobody from making one up: use cases read theirs
 * as a stranger's text.
 */
final class PageCursor {
  private static final int CHECK = 8;
  private static final int MAX_LENGTH = 4096;

  private PageCursor() {}

  static String seal(String cursor, String asked) {
    String text = check(cursor, asked) + cursor;
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The use case's cursor; empty when the text is none, or of another question. */
  static Optional<String> open(String text, String asked) {
    if (text.length() > MAX_LENGTH) {
      return Optional.empty();
    }
    byte[] bytes;
    try {
      bytes = Base64.getUrlDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    return Request.utf8(bytes)
        .filter(opened -> opened.length() >= CHECK)
        .filter(opened -> seal(opened.substring(CHECK), asked).equals(text))
        .map(opened -> opened.substring(CHECK));
  }

  private static String check(String cursor, String asked) {
    return Notice.hash(asked + "\n" + cursor).substring(0, CHECK);
  }
}
