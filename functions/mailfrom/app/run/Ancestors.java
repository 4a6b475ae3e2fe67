package mailfrom.app.run;

import java.util.Optional;
import mailfrom.app.read.LoadedIdentities;
import mailfrom.app.read.RegionReader;
import mailfrom.domain.identity.Ancestor;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.name.IdentityName;
import mailfrom.domain.ses.Live;

/** The less granular identities of a Region, which SES takes where one is none. */
final class Ancestors {
  private final LoadedIdentities stored;

  Ancestors(LoadedIdentities stored) {
    this.stored = stored;
  }

  /** Whether a less granular identity is stored, or is new and still to be read. */
  boolean mayBeAbove(IdentityName name) {
    Optional<IdentityName> above = name.parent();
    while (above.isPresent()) {
      if (stored.find(above.get()).isPresent() || stored.find(name).isEmpty()) {
        return true;
      }
      above = above.get().parent();
    }
    return false;
  }

  /** What the nearest verified one does, as SES said in this run or else as is known. */
  Ancestor nearest(IdentityName name, RegionReader reading) {
    Optional<IdentityName> above = name.parent();
    while (above.isPresent()) {
      IdentityName ancestor = above.get();
      Optional<Live> live = reading.live(ancestor);
      Optional<IdentityState> state = stored.find(ancestor);
      if (reading.isVerified(ancestor) && (live.isPresent() || state.isPresent())) {
        Ancestor known = Ancestor.of(state);
        return new Ancestor(
            live.map(Live::isSuccess).orElse(known.isCustom()), state.isEmpty() || known.maySign());
      }
      above = ancestor.parent();
    }
    return Ancestor.NONE;
  }
}
