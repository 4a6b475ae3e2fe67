package mailfrom.domain.identity;

import java.util.Locale;
import mailfrom.domain.dns.DmarcView;
import mailfrom.domain.dns.SpfVerdict;
import mailfrom.domain.name.DomainName;

/** Whether mail sent now passes DMARC, by SPF and by DKIM. One pass is enough. */
public record Dmarc(Result spf, Result dkim) {

  /** What DMARC sees. */
  public enum Result {
    PASS,
    FAIL,
    UNKNOWN;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public static Dmarc of(IdentityState state) {
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
    DmarcView dmarc = state.dnsState().dmarc();
    SpfVerdict spf = state.dnsState().spf();
    if (spf == null || spf == SpfVerdict.UNKNOWN) {
      return Result.UNKNOWN;
    }
    return spf.isBroken() || (dmarc != null && !dmarc.spfCounts()) ? Result.FAIL : Result.PASS;
  }
}
