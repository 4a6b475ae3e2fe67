package mailfrom.api.request;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import mailfrom.domain.incident.Notice;
import org.jspecify.annotations.Nullable;

/**
 * Which page of a list is asked for.
 *
 * <p>A cursor as callers see it is the use case's own, tied to the question it belongs to, so that
 * a cut, mistyped or misused one is told. It keeps nobody from making one up: use cases read theirs
 * as a stranger's text.
 *
 * @param question what the page is a page of
 * @param cursor the use case's own; null: from the beginning
 */
public record Paging(String question, int limit, @Nullable String cursor) {
  private static final int CHECK = 8;
  private static final int MAX_LENGTH = 4096;

  /** The cursor of the next page, as callers see it; null when there is none. */
  public @Nullable String next(@Nullable String ofUseCase) {
    return ofUseCase == null ? null : seal(ofUseCase, question);
  }

  private static String seal(String cursor, String question) {
    String text = Notice.hash(question + "\n" + cursor).substring(0, CHECK) + cursor;
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The use case's cursor; empty when the text is none, or of another question. */
  static Optional<String> open(String text, String question) {
    return text.length() > MAX_LENGTH
        ? Optional.empty()
        : Request.base64Url(text)
            .filter(opened -> opened.length() >= CHECK)
            .map(opened -> opened.substring(CHECK))
            .filter(cursor -> seal(cursor, question).equals(text));
  }
}
