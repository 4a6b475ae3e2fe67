package mailfrom.domain.incident;

import java.util.Optional;
import mailfrom.domain.effect.Cause;
import mailfrom.domain.effect.Phase;
import mailfrom.domain.effect.Verdict;
import org.jspecify.annotations.Nullable;

/// The trouble table: whether a verdict is a trouble, in the order of these rows.
///
/// | effect | cause, phase | trouble |
/// | --- | --- | --- |
/// | `UNVERIFIED` | `VERIFICATION_LOST` | `UNVERIFIED` |
/// | `REJECTED` | any | `REJECTED` |
/// | `FALLBACK` | `NOT_COVERED` | `NOT_COVERED` |
/// | `FALLBACK` | setup, as asked: `FAILED` or `REMOVED` | `FALLBACK` |
/// | `FALLBACK` | setup, as asked: else | none: SES still looks for the record |
/// | `FALLBACK` | live, or by somebody else's hand | `FALLBACK` |
/// | `CUSTOM` | SPF seen broken in two runs | `SPF_BROKEN` |
/// | anything else | | none |
///
/// One rule for how severe it is:
///
/// | | severity |
/// | --- | --- |
/// | nothing is sent (`REJECTED`, `UNVERIFIED`), or DMARC fails: no DKIM | critical |
/// | else `NOT_COVERED` | info |
/// | else | warning |
public final class TroubleTable {
  private TroubleTable() {}

  /**
   * What the table looks at.
   *
   * @param phase null when the identity has and had no MAIL FROM domain
   * @param drifted whether somebody else set what is live, and not what was asked for
   * @param dkimSigns whether DKIM is known to sign (true), known not to (false), or not known
   * @param spfBroken whether SPF was seen broken in two runs, ten minutes or more apart
   */
  public record Facts(
      Verdict verdict,
      @Nullable Phase phase,
      boolean drifted,
      @Nullable Boolean dkimSigns,
      boolean spfBroken) {}

  public static Optional<Trouble> decide(Facts facts) {
    Cause cause = facts.verdict().cause();
    return switch (facts.verdict().effect()) {
      case UNVERIFIED ->
          cause == Cause.VERIFICATION_LOST
              ? trouble(TroubleKind.UNVERIFIED, cause, facts)
              : Optional.empty();
      case REJECTED -> trouble(TroubleKind.REJECTED, cause, facts);
      case FALLBACK -> fallback(cause, facts);
      case CUSTOM ->
          facts.spfBroken() ? trouble(TroubleKind.SPF_BROKEN, null, facts) : Optional.empty();
      case DEFAULT -> Optional.empty();
    };
  }

  private static Optional<Trouble> fallback(@Nullable Cause cause, Facts facts) {
    if (cause == Cause.NOT_COVERED) {
      return trouble(TroubleKind.NOT_COVERED, cause, facts);
    }
    // In setup SES looks for the record by itself, until it gives up or somebody removes the
    // setting: then nothing heals any more.
    boolean stillSettingUp =
        facts.phase() == Phase.SETUP
            && !facts.drifted()
            && cause != Cause.FAILED
            && cause != Cause.REMOVED;
    return stillSettingUp ? Optional.empty() : trouble(TroubleKind.FALLBACK, cause, facts);
  }

  private static Optional<Trouble> trouble(TroubleKind kind, @Nullable Cause cause, Facts facts) {
    boolean dmarcFails = Boolean.FALSE.equals(facts.dkimSigns());
    Severity severity =
        kind.isMailLost() || dmarcFails
            ? Severity.CRITICAL
            : kind == TroubleKind.NOT_COVERED ? Severity.INFO : Severity.WARNING;
    return Optional.of(new Trouble(kind, cause, severity));
  }
}
