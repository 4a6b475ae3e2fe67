package mailfrom.domain;

import java.util.List;
import java.util.SortedSet;

/** The findings: facts about the DNS of a MAIL FROM domain, read off one look. */
public final class DnsFindings {
  private DnsFindings() {}

  /**
   * The findings of a look, worst first.
   *
   * @param region the Region of the identity
   * @param regionsOfName all Regions whose identities use the name
   * @param success whether SES says Success for the name: then our opinion about the MX is a
   *     warning
   */
  public static List<Finding> of(
      DnsView view, String region, SortedSet<String> regionsOfName, boolean success) {
    return List.of();
  }

  /** Whether the MX is right: answered, with no error about MX or zone, and servers that agree. */
  public static MxSight mxSight(DnsView view) {
    return view.mx().couldNotAsk() ? MxSight.UNKNOWN : MxSight.WRONG;
  }
}
