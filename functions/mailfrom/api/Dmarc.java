package mailfrom.api;

import java.util.Locale;
import java.util.Set;
import mailfrom.domain.dns.Finding;
import mailfrom.domain.dns.FindingCode;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.name.DomainName;

/** Whether mail sent now passes DMARC, by SPF and by DKIM. One pass is enough. */
record Dmarc(Result spf, Result dkim) {

  /** What DMARC sees. */
  enum Result {
    PASS,
    FAIL,
    UNKNOWN;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final Set<FindingCode> NO_PASS =
      Set.of(
          FindingCode.SPF_MISSING,
          FindingCode.SPF_DUPLICATE,
          FindingCode.SPF_NOT_INCLUDED,
          FindingCode.DMARC_STRICT_SPF);

  static Dmarc of(IdentityState state) {
    Boolean signs = state.sesView().dkimSigns();
    Result dkim = signs == null ? Result.UNKNOWN : signs ? Result.PASS : Result.FAIL;
    return new Dmarc(spf(state), dkim);
  }

  private static Result spf(IdentityState state) {
    return switch (state.effectState().effect()) {
      // amazonses.com never aligns; what is refused passes nothing.
      case REJECTED, FALLBACK, DEFAULT -> Result.FAIL;
      case UNVERIFIED -> Result.UNKNOWN;
      case CUSTOM -> ofCustom(state);
    };
  }

  private static Result ofCustom(IdentityState state) {
    DomainName live = state.sesView().live().mailFromDomain();
    if (live == null || !live.equals(state.dnsState().name())) {
      return Result.UNKNOWN;
    }
    Set<FindingCode> codes =
        Set.copyOf(state.dnsState().findings().stream().map(Finding::code).toList());
    if (NO_PASS.stream().anyMatch(codes::contains)) {
      return Result.FAIL;
    }
    return codes.contains(FindingCode.DNS_UNAVAILABLE) ? Result.UNKNOWN : Result.PASS;
  }
}
