package mailfrom.page;

import org.jspecify.annotations.Nullable;

/**
 * One thing to do.
 *
 * @param command to paste; null: nothing is to be pasted
 */
record Step(String text, @Nullable String command) {
  static Step of(String text) {
    return new Step(text, null);
  }
}
