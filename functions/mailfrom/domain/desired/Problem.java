package mailfrom.domain.desired;

import org.jspecify.annotations.Nullable;

/**
 * One thing that is wrong with what was asked, or to be known about it.
 *
 * @param code a {@link Code}: a stable word of the contract
 * @param message what it is and how to mend it
 * @param pointer the JSON pointer (RFC 6901) into the body; null when it is not about a part of one
 */
public record Problem(String code, String message, @Nullable String pointer) {

  /** The word for a kind of problem. Each closed set of them is an enum. */
  public interface Code {
    String name();
  }

  /** A problem that is not about a part of a body. */
  public static Problem of(Code code, String message) {
    return new Problem(code.name(), message, null);
  }
}
