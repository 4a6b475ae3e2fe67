package mailfrom.page;

import java.time.Instant;
import java.util.List;
import mailfrom.app.settings.SettingsApi;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.name.IdentityKey;
import org.jspecify.annotations.Nullable;

/**
 * Who speaks for a From address.
 *
 * @param address null: none was asked for yet
 * @param region the Region that was asked for; null: none was
 */
record SenderModel(
    @Nullable IdentityKey address,
    @Nullable String region,
    List<String> regions,
    String why,
    @Nullable Winner winner,
    List<Candidate> candidates) {

  /** The identity whose settings count. */
  record Winner(IdentityKey key, Tag tag, String sentence) {
    Address address() {
      return Address.of(View.IDENTITY)
          .with("region", key.region())
          .with("identity", key.name().value());
    }
  }

  /** An identity that might have spoken for it. */
  record Candidate(String name, String role) {}

  static SenderModel of(
      Sources sources, @Nullable IdentityKey address, @Nullable String region, Instant now) {
    if (address == null) {
      return new SenderModel(null, region, sources.regions(), "", null, List.of());
    }
    SettingsApi.Sender sender = sources.fleet().sender(address, now);
    SettingsApi.IdentityView winner = sender.winner();
    return new SenderModel(
        address,
        address.region(),
        sources.regions(),
        why(address, winner),
        winner == null ? null : winner(winner.state()),
        sender.candidates().stream()
            .map(one -> new Candidate(one.name().value(), Words.of(one.role())))
            .toList());
  }

  private static Winner winner(IdentityState state) {
    return new Winner(state.key(), Tag.of(state), Words.sentence(state));
  }

  private static String why(IdentityKey address, SettingsApi.@Nullable IdentityView winner) {
    if (winner == null) {
      return "Neither %s nor a domain above it is verified in %s: SES refuses its mail."
          .formatted(address.name(), address.region());
    }
    return winner.state().key().name().equals(address.name())
        ? "%s itself is verified, and SES takes the most granular verified identity: a domain’s MAIL FROM domain does not count for it."
            .formatted(address.name())
        : "SES takes the most granular verified identity, and that is %s."
            .formatted(winner.state().key().name());
  }
}
