package mailfrom.domain.dns;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SortedSet;
import java.util.stream.Collectors;
import mailfrom.domain.name.DomainName;
import mailfrom.domain.ses.Live;
import mailfrom.domain.ses.MailFromStatus;
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

  /** Two looks this far apart that agree are believed. */
  private static final Duration CONFIRMED_AFTER = Duration.ofMinutes(10);

  public DnsState {
    findings = List.copyOf(findings);
    records = List.copyOf(records);
  }

  /**
   * This state after a look. What is known of one name says nothing of another.
   *
   * @param view null: nobody looked
   * @param live what SES has now
   * @param regions the Regions in which an identity uses the name
   */
  public DnsState after(
      @Nullable DnsView view, Live live, String region, SortedSet<String> regions, Instant at) {
    if (view == null) {
      return this;
    }
    DnsState old = view.name().equals(name) ? this : NOTHING;
    boolean success = live.isSuccess() && view.name().equals(live.mailFromDomain());
    MxCheck seen = DnsFindings.mxSight(view);
    Instant rightSince =
        switch (seen) {
          case RIGHT, RIGHT_TWICE -> old.mxRightSince != null ? old.mxRightSince : at;
          case WRONG -> null;
          case UNKNOWN -> old.mxRightSince;
        };
    // What SES gave up is started again only on the word of the zone's own servers.
    boolean twice =
        seen == MxCheck.RIGHT
            && live.status() != MailFromStatus.FAILED
            && isConfirmed(rightSince, at);
    Instant spfSince =
        switch (view.spf()) {
          case COVERS_SES -> null;
          case MISSING, DUPLICATE, NOT_INCLUDED ->
              old.spfBrokenSince != null ? old.spfBrokenSince : at;
          case UNKNOWN -> old.spfBrokenSince;
        };
    DnsState looked =
        new DnsState(
            view.name(),
            DnsFindings.of(view, region, regions, success),
            RecordsToDo.of(view, region, regions),
            twice ? MxCheck.RIGHT_TWICE : seen,
            rightSince,
            spfSince,
            old.mxUnderSuccess,
            null);
    return success ? looked.underSuccess(old, view, seen) : looked;
  }

  /** While SES says Success an MX answer is the one that works, or another and worse one. */
  private DnsState underSuccess(DnsState old, DnsView view, MxCheck seen) {
    if (seen == MxCheck.UNKNOWN) {
      return withMx(old.mxUnderSuccess, old.mxChangedTo);
    }
    String answer =
        view.mx().records().stream()
            .sorted()
            .map(MxRecord::text)
            .collect(Collectors.joining(", "));
    boolean works =
        seen.isRight() || old.mxUnderSuccess == null || old.mxUnderSuccess.equals(answer);
    return works ? withMx(answer, null) : withMx(old.mxUnderSuccess, answer);
  }

  /** Whether SPF is broken, and was seen so for the first time long enough before. */
  public boolean isSpfBrokenTwice(Instant now) {
    return isConfirmed(spfBrokenSince, now);
  }

  private static boolean isConfirmed(@Nullable Instant since, Instant now) {
    return since != null && !now.isBefore(since.plus(CONFIRMED_AFTER));
  }

  private DnsState withMx(@Nullable String underSuccess, @Nullable String changedTo) {
    return new DnsState(
        name, findings, records, mx, mxRightSince, spfBrokenSince, underSuccess, changedTo);
  }

  /** The same, with another answer taken as the one seen under Success. */
  public DnsState withMxUnderSuccess(String answer) {
    return withMx(answer, null);
  }
}
