package mailfrom.domain.findings;

/** A kind of fact about the DNS of a MAIL FROM domain. */
public enum FindingCode {
  MX_MISSING(FindingSeverity.ERROR),
  MX_MULTIPLE(FindingSeverity.ERROR),
  MX_WRONG_HOST(FindingSeverity.ERROR),
  MX_WRONG_SUFFIX(FindingSeverity.ERROR),
  MX_DOUBLED_NAME(FindingSeverity.ERROR),
  MX_OTHER_REGION(FindingSeverity.WARNING),
  MX_PRIORITY(FindingSeverity.WARNING),
  CNAME_PRESENT(FindingSeverity.WARNING),
  SPF_MISSING(FindingSeverity.ERROR),
  SPF_DUPLICATE(FindingSeverity.ERROR),
  SPF_NOT_INCLUDED(FindingSeverity.ERROR),
  DMARC_STRICT_SPF(FindingSeverity.WARNING),
  ZONE_MISSING(FindingSeverity.ERROR),
  DNS_SERVERS_DISAGREE(FindingSeverity.WARNING),
  REGIONS_DIFFER(FindingSeverity.INFORMATION),
  DNS_UNAVAILABLE(FindingSeverity.INFORMATION),
  SPF_SYNTAX(FindingSeverity.ERROR),
  SPF_TOO_MANY_LOOKUPS(FindingSeverity.ERROR),
  SPF_VOID_LOOKUPS(FindingSeverity.WARNING),
  SPF_FLATTENED(FindingSeverity.INFORMATION),
  SPF_ALLOWS_ALL(FindingSeverity.WARNING),
  SPF_NEARLY(FindingSeverity.ERROR),
  MX_HIDDEN_BY_PROXY(FindingSeverity.WARNING),
  DMARC_CANNOT_ALIGN(FindingSeverity.WARNING);

  private final FindingSeverity severity;

  FindingCode(FindingSeverity severity) {
    this.severity = severity;
  }

  /** Its severity while SES does not say Success. */
  public FindingSeverity severity() {
    return severity;
  }

  /** Whether it is about the MX record or the zone: with an error of these the MX is not right. */
  public boolean isAboutMx() {
    return switch (this) {
      case MX_MISSING,
          MX_MULTIPLE,
          MX_WRONG_HOST,
          MX_WRONG_SUFFIX,
          MX_DOUBLED_NAME,
          MX_OTHER_REGION,
          MX_PRIORITY,
          MX_HIDDEN_BY_PROXY,
          ZONE_MISSING ->
          true;
      case CNAME_PRESENT,
          SPF_MISSING,
          SPF_DUPLICATE,
          SPF_NOT_INCLUDED,
          DMARC_STRICT_SPF,
          DNS_SERVERS_DISAGREE,
          REGIONS_DIFFER,
          DNS_UNAVAILABLE,
          SPF_SYNTAX,
          SPF_TOO_MANY_LOOKUPS,
          SPF_VOID_LOOKUPS,
          SPF_FLATTENED,
          SPF_ALLOWS_ALL,
          SPF_NEARLY,
          DMARC_CANNOT_ALIGN ->
          false;
    };
  }
}
