package mailfrom.local;

/** What the local SES asks of DNS: whether the MX record of a MAIL FROM domain is right. */
public interface MxLookup {
  /** The answer to one look-up. */
  enum Seen {
    /** Exactly one MX record, and its host is the feedback host of some SES Region. */
    RIGHT,
    /** Answered, and anything else. */
    WRONG,
    /** Nobody could be asked: changes nothing. */
    UNKNOWN
  }

  /** Looks the MX record of the name up. */
  Seen look(String mailFromDomain);

  /** A number that is another one after every change of what {@link #look} would answer. */
  long version();
}
