package mailfrom.domain.dns;

/** How much of the DNS of a MAIL FROM domain is looked at. */
public enum DnsDepth {
  /** MX and SPF by the resolver: an identity that is CUSTOM. */
  HEALTHY,
  /** Everything a finding may come from, by the resolver. */
  FINDINGS,
  /** The same at the zone's own name servers. */
  OWN_SERVERS,
  /** FINDINGS, and what the rules want to know: addresses and a random sibling. */
  RULES
}
