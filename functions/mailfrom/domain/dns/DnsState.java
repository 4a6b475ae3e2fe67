package mailfrom.domain.dns;

import java.time.Instant;
import java.util.List;
import mailfrom.domain.name.DomainName;
import org.jspecify.annotations.Nullable;

/**
 * What the DNS of an identity's MAIL FROM domain said last, and since when.
 *
 * @param name the domain that was looked at; null when none was
 * @param mx whether its MX is right, in one look or in two
 * @param mxRightSince when it was first seen right; null while it is not
 * @param spfBrokenSince when SPF was first seen broken; null while it is not
 * @param mxUnderSuccess the MX answer seen while SES said Success
 * @param mxChangedTo another, worse answer seen since, not told yet
 */
public record DnsState(
    @Nullable DomainName name,
    List<Finding> findings,
    List<RecordToDo> records,
    MxCheck mx,
    @Nullable Instant mxRightSince,
    @Nullable Instant spfBrokenSince,
    @Nullable String mxUnderSuccess,
    @Nullable String mxChangedTo) {

  public static final DnsState NOTHING =
      new DnsState(null, List.of(), List.of(), MxCheck.UNKNOWN, null, null, null, null);

  public DnsState {
    findings = List.copyOf(findings);
    records = List.copyOf(records);
  }

  /** The same, with another answer taken as the one seen under Success. */
  public DnsState withMxUnderSuccess(String answer) {
    return new DnsState(name, findings, records, mx, mxRightSince, spfBrokenSince, answer, null);
  }
}
