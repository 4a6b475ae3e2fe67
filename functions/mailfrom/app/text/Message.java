package mailfrom.app.text;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A message.
 *
 * @param subject ASCII, at most 99 characters
 * @param attributes for subscription filters
 * @param chat the form for chat applications beside the text; null: none
 */
public record Message(
    String subject, String text, Map<String, String> attributes, @Nullable String chat) {
  /** One that has the same form for everybody. */
  public Message(String subject, String text, Map<String, String> attributes) {
    this(subject, text, attributes, null);
  }
}
