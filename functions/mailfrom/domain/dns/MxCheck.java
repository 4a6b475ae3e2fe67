package mailfrom.domain.dns;

/** What a look at the DNS says about the MX of the wanted MAIL FROM domain. */
public enum MxCheck {
  RIGHT,
  /** Right in two runs, ten minutes or more apart, or twice at the zone's own servers. */
  RIGHT_TWICE,
  WRONG,
  UNKNOWN;

  public boolean isRight() {
    return this == RIGHT || this == RIGHT_TWICE;
  }
}
