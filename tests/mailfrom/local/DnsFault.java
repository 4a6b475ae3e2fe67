package mailfrom.local;

/** A way in which DNS answers wrongly, or not at all. */
public enum DnsFault {
  SERVFAIL,
  TIMEOUT,
  REFUSED,
  NXDOMAIN
}
