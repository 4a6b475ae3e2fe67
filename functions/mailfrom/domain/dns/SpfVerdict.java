package mailfrom.domain.dns;

/** Whether the SPF record of a MAIL FROM domain covers SES. */
public enum SpfVerdict {
  /** An include of amazonses.com is reached, through includes and redirects too. */
  COVERS_SES,
  MISSING,
  /** More than one SPF record: receivers answer permerror (RFC 7208, 4.5). */
  DUPLICATE,
  NOT_INCLUDED,
  /** Somebody could not be asked, or the record cannot be decided. */
  UNKNOWN;

  /** Whether receivers are known not to find SES in it. */
  public boolean isBroken() {
    return switch (this) {
      case MISSING, DUPLICATE, NOT_INCLUDED -> true;
      case COVERS_SES, UNKNOWN -> false;
    };
  }
}
