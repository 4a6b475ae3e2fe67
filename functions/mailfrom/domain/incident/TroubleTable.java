package mailfrom.domain.incident;

import java.util.Optional;
import mailfrom.domain.effect.Cause;
import mailfrom.domain.effect.Phase;
import mailfrom.domain.effect.Verdict;
import org.jspecify.annotations.Nullable;

/// The trouble table: whether a verdict is a trouble, and how severe, in the order of these rows.
///
/// | effect | cause, phase | trouble | severity |
/// | --- | --- | --- | --- |
/// | `REJECTED` | any | `REJECTED` | critical |
/// | `FALLBACK` | `NOT_COVERED` | `NOT_COVERED` | info |
/// | `FALLBACK` | setup: `FAILED` or `REMOVED` | `FALLBACK` | warning |
/// | `FALLBACK` | setup: else | none: SES still looks for the record | |
/// | `FALLBACK` | live | `FALLBACK` | critical if DKIM is known not to sign, else warning |
/// | `CUSTOM` | SPF seen broken in two runs | `SPF_BROKEN` | warning |
/// | anything else | | none | |
public final class TroubleTable {
  private TroubleTable() {}

  /**
   * What the table looks at.
   *
   * @param phase null when the identity has and had no MAIL FROM domain
   * @param dkimSigns whether DKIM is known to sign (true), known not to (false), or not known
   * @param spfBroken whether SPF was seen broken in two runs, ten minutes or more apart
   */
  public record Facts(
      Verdict verdict, @Nullable Phase phase, @Nullable Boolean dkimSigns, boolean spfBroken) {}

  public static Optional<Trouble> decide(Facts facts) {
    Cause cause = facts.verdict().cause();
    return switch (facts.verdict().effect()) {
      case REJECTED -> Optional.of(new Trouble(TroubleKind.REJECTED, cause, Severity.CRITICAL));
      case FALLBACK -> fallback(cause, facts);
      case CUSTOM ->
          facts.spfBroken()
              ? Optional.of(new Trouble(TroubleKind.SPF_BROKEN, null, Severity.WARNING))
              : Optional.empty();
      case DEFAULT, UNVERIFIED -> Optional.empty();
    };
  }

  private static Optional<Trouble> fallback(@Nullable Cause cause, Facts facts) {
    if (cause == Cause.NOT_COVERED) {
      return Optional.of(new Trouble(TroubleKind.NOT_COVERED, cause, Severity.INFO));
    }
    // In setup SES looks for the record by itself, until it gives up or somebody removes the
    // setting: then nothing heals any more.
    if (facts.phase() == Phase.SETUP) {
      return cause == Cause.FAILED || cause == Cause.REMOVED
          ? Optional.of(new Trouble(TroubleKind.FALLBACK, cause, Severity.WARNING))
          : Optional.empty();
    }
    boolean dmarcFails = Boolean.FALSE.equals(facts.dkimSigns());
    return Optional.of(
        new Trouble(
            TroubleKind.FALLBACK, cause, dmarcFails ? Severity.CRITICAL : Severity.WARNING));
  }
}
