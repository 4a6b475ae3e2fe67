package mailfrom.app.tell;

import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.incident.Notice;
import mailfrom.domain.name.IdentityName;
import org.jspecify.annotations.Nullable;

/**
 * A notice, and the identity it is about as it is stored now.
 *
 * @param ancestor for NOT_COVERED the CUSTOM identity above, by which such notices are grouped;
 *     null: the next name above stands for it
 */
public record IdentityNotice(IdentityState state, Notice notice, @Nullable IdentityName ancestor) {
  public IdentityNotice(IdentityState state, Notice notice) {
    this(state, notice, null);
  }
}
