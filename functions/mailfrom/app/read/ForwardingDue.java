package mailfrom.app.read;

import java.util.Optional;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.name.IdentityName;

/**
 * Of whom a run asks whether feedback is forwarded. Only the rule that a MAIL FROM domain is no
 * From domain needs it, and a MAIL FROM domain lies below the domain of another identity: those
 * that do are asked for in each run. What lies below none, and may one day, is asked for now and
 * then; an address never matters.
 */
final class ForwardingDue {
  private final LoadedIdentities rows;
  private final Rotation rotation;

  ForwardingDue(LoadedIdentities rows, Rotation rotation) {
    this.rows = rows;
    this.rotation = rotation;
  }

  boolean isDue(IdentityName name) {
    return !name.isAddress()
        && (isUnknown(name) || rotation.isTurnOf(name.value()) || rows.hasOneAbove(name.domain()));
  }

  private boolean isUnknown(IdentityName name) {
    Optional<IdentityState> state = rows.find(name);
    return state.isEmpty() || state.get().ifNotGone().sesView().forwarding() == null;
  }
}
