package mailfrom.domain.findings;

/** A type of DNS record that there is something to do about at a MAIL FROM domain. */
public enum RecordType {
  MX,
  TXT,
  CNAME
}
