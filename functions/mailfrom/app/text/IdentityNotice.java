package mailfrom.app.text;

import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.incident.Notice;
import org.jspecify.annotations.Nullable;

/**
 * A notice, and the identity it is about as it is stored now.
 *
 * @param above for NOT_COVERED the CUSTOM identity above; null: none, or not known
 */
public record IdentityNotice(IdentityState state, Notice notice, @Nullable IdentityState above) {
  public IdentityNotice(IdentityState state, Notice notice) {
    this(state, notice, null);
  }
}
