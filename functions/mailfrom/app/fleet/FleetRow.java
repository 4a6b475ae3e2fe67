package mailfrom.app.fleet;

import java.util.List;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.identity.Silence;

/**
 * An identity as the fleet is asked for it.
 *
 * @param silencedBy the silences that hold and mean it
 */
public record FleetRow(IdentityState state, List<Silence> silencedBy) {

  /** One of a stored identity and the silences that hold. */
  public static FleetRow of(IdentityState state, List<Silence> holding) {
    return new FleetRow(
        state, holding.stream().filter(silence -> silence.match().matches(state)).toList());
  }
}
