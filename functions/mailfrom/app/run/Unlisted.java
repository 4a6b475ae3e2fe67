package mailfrom.app.run;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.identity.Observation;
import mailfrom.domain.name.IdentityName;

/**
 * The identities that a complete list lacks, by what a read by name says of them.
 *
 * @param unknown SES does not know them, and that is proven
 * @param seen SES knows them
 * @param notRead nobody can say
 */
record Unlisted(
    List<IdentityState> unknown, Map<IdentityState, Observation> seen, List<IdentityName> notRead) {
  static final Unlisted NOBODY = new Unlisted(List.of(), Map.of(), List.of());

  /** Those that no answer says are deleted. */
  List<IdentityName> missing() {
    return Stream.concat(seen.keySet().stream().map(state -> state.key().name()), notRead.stream())
        .sorted()
        .toList();
  }
}
