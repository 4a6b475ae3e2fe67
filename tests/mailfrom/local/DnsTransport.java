package mailfrom.local;

/** A way in which the answers for a name do not get through, though they are there. */
public enum DnsTransport {
  /** Nothing comes back for a question with EDNS. */
  DROPS_EDNS,
  /** Over UDP all is cut off, and over TCP it is whole. */
  TRUNCATED,
  /** Over UDP all is cut off, and the TCP connection is reset. */
  TCP_RESET,
  /** Over UDP all is cut off, and over TCP nothing ever comes. */
  TCP_HANGS,
  /** Over UDP all is cut off, and over TCP the answer comes a byte a second. */
  TCP_DRIBBLES
}
