package mailfrom.domain.identity;

import java.util.Optional;
import mailfrom.domain.effect.Effect;

/**
 * What the nearest verified less granular identity does for one: SES takes it where this one is
 * none.
 *
 * @param isCustom whether its mail gets its MAIL FROM domain
 * @param maySign whether it is there, and its DKIM is not known not to sign
 */
public record Ancestor(boolean isCustom, boolean maySign) {
  /** There is none. */
  public static final Ancestor NONE = new Ancestor(false, false);

  public static Ancestor of(Optional<IdentityState> nearest) {
    return nearest
        .map(
            state ->
                new Ancestor(
                    state.effectState().effect() == Effect.CUSTOM,
                    !Boolean.FALSE.equals(state.sesView().dkimSigns())))
        .orElse(NONE);
  }
}
