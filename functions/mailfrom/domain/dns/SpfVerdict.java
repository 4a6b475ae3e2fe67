package mailfrom.domain.dns;

/** What receivers say of mail that SES sends for a MAIL FROM domain, by its SPF record. */
public enum SpfVerdict {
  /** All of SES's addresses pass. */
  COVERS_SES,
  MISSING,
  /** There is none, but a text that is one but for its quotation marks or blanks. */
  NEARLY,
  /** More than one SPF record: receivers answer permerror (RFC 7208, 4.5). */
  DUPLICATE,
  /** The record, or one that it includes, cannot be evaluated: receivers answer permerror. */
  SYNTAX,
  /** SES comes after ten look-ups: receivers answer permerror (RFC 7208, 4.6.4). */
  TOO_MANY_LOOKUPS,
  /** Some or all of SES's addresses do not pass. */
  NOT_INCLUDED,
  /** Somebody could not be asked, or only a receiver can decide. */
  UNKNOWN;

  /** Whether receivers are known not to pass all mail that SES sends. */
  public boolean isBroken() {
    return switch (this) {
      case MISSING, NEARLY, DUPLICATE, SYNTAX, TOO_MANY_LOOKUPS, NOT_INCLUDED -> true;
      case COVERS_SES, UNKNOWN -> false;
    };
  }
}
