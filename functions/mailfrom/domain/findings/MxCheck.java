package mailfrom.domain.findings;

/** What a look at the DNS says about the MX of the wanted MAIL FROM domain. */
public enum MxCheck {
  RIGHT,
  /** Right in two runs, ten minutes or more apart, or twice at the zone's own servers. */
  RIGHT_TWICE,
  WRONG,
  /** The zone's own servers do not agree: nothing is concluded from any of them. */
  SERVERS_DISAGREE,
  UNKNOWN;

  public boolean isRight() {
    return this == RIGHT || this == RIGHT_TWICE;
  }

  /** Whether it says something: what was not answered, or in several ways, changes nothing. */
  public boolean isKnown() {
    return switch (this) {
      case RIGHT, RIGHT_TWICE, WRONG -> true;
      case SERVERS_DISAGREE, UNKNOWN -> false;
    };
  }
}
