package mailfrom.domain.identity;

import java.time.Instant;
import java.util.Optional;
import mailfrom.domain.dns.DnsView;
import mailfrom.domain.ses.Dkim;
import mailfrom.domain.ses.Live;
import mailfrom.domain.ses.SesView;
import org.jspecify.annotations.Nullable;

/**
 * What one read of an identity gave. A null part could not be asked, or was not: it changes
 * nothing.
 *
 * @param at the time of the event the read belongs to
 * @param begunAt when the read began, by the machine's clock
 * @param view the DNS of {@link IdentityState#nameToLookAt()}
 */
public record Observation(
    Instant at,
    Instant begunAt,
    @Nullable Boolean verified,
    @Nullable Live live,
    @Nullable Dkim dkim,
    @Nullable Boolean forwarding,
    @Nullable DnsView view) {

  /**
   * What SES has said by now; empty when that decides nothing: live was not read, or it is not
   * known whether the identity is verified.
   */
  Optional<SesView> over(IdentityState state, Ancestor ancestor) {
    SesView before = state.sesView();
    Boolean nowVerified = verified == null ? before.verified() : verified;
    return live == null || nowVerified == null
        ? Optional.empty()
        : Optional.of(
            new SesView(
                nowVerified,
                live,
                signs(state, ancestor),
                forwarding == null ? before.forwarding() : forwarding,
                at,
                0,
                false));
  }

  /** Whether DKIM signs its mail; null when not known: another identity's keys may sign it. */
  private @Nullable Boolean signs(IdentityState state, Ancestor ancestor) {
    return switch (dkim) {
      case null -> state.sesView().dkimSigns();
      case SIGNS -> true;
      case DOES_NOT_SIGN -> false;
      case BARE -> (state.key().name().isAddress() || ancestor.maySign()) ? null : false;
    };
  }
}
