package mailfrom.domain.findings;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.SortedSet;
import mailfrom.domain.dns.DmarcView;
import mailfrom.domain.dns.DnsView;
import mailfrom.domain.dns.DnsView.Source;
import mailfrom.domain.dns.DnsView.Zone;
import mailfrom.domain.dns.MxRecord;
import mailfrom.domain.dns.NameServer;
import mailfrom.domain.dns.SpfVerdict;
import mailfrom.domain.name.DomainName;
import mailfrom.domain.ses.Live;
import mailfrom.domain.ses.MailFromStatus;
import mailfrom.domain.ses.SesView;
import org.jspecify.annotations.Nullable;

/**
 * What the DNS of an identity's MAIL FROM domain said last, and since when.
 *
 * @param name the domain that was looked at; null when none was
 * @param zone the zone that it is in; null while that is not known
 * @param mx whether its MX is right, in one look or in two
 * @param mxRightSince when it was first seen right; null while it is not
 * @param mxKeptUntil until when the answer that was first seen right may have been kept by a
 *     resolver; null while it is not right, or when the zone's own servers gave it
 * @param spf what receivers said last of mail from SES; null while nobody looked
 * @param spfBrokenSince when SPF was first seen broken; null while it is not
 * @param dmarc what DMARC made of it last; null while nobody looked
 * @param mxUnderSuccess the MX answer seen while SES said Success
 * @param mxChangedTo another, worse answer seen since, not told yet
 */
public record DnsState(
    @Nullable DomainName name,
    @Nullable DomainName zone,
    List<Finding> findings,
    List<RecordToDo> records,
    MxCheck mx,
    @Nullable Instant mxRightSince,
    @Nullable Instant mxKeptUntil,
    @Nullable SpfVerdict spf,
    @Nullable Instant spfBrokenSince,
    @Nullable DmarcView dmarc,
    @Nullable String mxUnderSuccess,
    @Nullable String mxChangedTo) {

  /** Two looks this far apart that agree are believed. */
  private static final Duration CONFIRMED_AFTER = Duration.ofMinutes(10);

  public static final DnsState NOTHING =
      new DnsState(
          null,
          null,
          List.of(),
          List.of(),
          MxCheck.UNKNOWN,
          null,
          null,
          null,
          null,
          null,
          null,
          null);

  public DnsState {
    findings = List.copyOf(findings);
    records = List.copyOf(records);
  }

  /** By hand: a run compares two states of each identity, and a record's own is slow. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof DnsState state
        && mx == state.mx
        && spf == state.spf
        && Objects.equals(name, state.name)
        && Objects.equals(zone, state.zone)
        && Objects.equals(mxRightSince, state.mxRightSince)
        && Objects.equals(mxKeptUntil, state.mxKeptUntil)
        && Objects.equals(spfBrokenSince, state.spfBrokenSince)
        && Objects.equals(dmarc, state.dmarc)
        && Objects.equals(mxUnderSuccess, state.mxUnderSuccess)
        && Objects.equals(mxChangedTo, state.mxChangedTo)
        && findings.equals(state.findings)
        && records.equals(state.records);
  }

  @Override
  public int hashCode() {
    return Objects.hash(name, mx, spf);
  }

  /** The same, with another answer taken as the one seen under Success. */
  public DnsState withMxUnderSuccess(String answer) {
    return with(findings, records, answer, null);
  }

  /** The same, without texts: a row has a longest length. */
  public DnsState withoutTexts() {
    return with(List.of(), List.of(), null, null);
  }

  /** The same, with these findings and records. */
  public DnsState with(List<Finding> newFindings, List<RecordToDo> newRecords) {
    return with(newFindings, newRecords, mxUnderSuccess, mxChangedTo);
  }

  private DnsState with(
      List<Finding> newFindings,
      List<RecordToDo> newRecords,
      @Nullable String underSuccess,
      @Nullable String changedTo) {
    return new DnsState(
        name,
        zone,
        newFindings,
        newRecords,
        mx,
        mxRightSince,
        mxKeptUntil,
        spf,
        spfBrokenSince,
        dmarc,
        underSuccess,
        changedTo);
  }

  /** A name of which nothing more is known. */
  public static DnsState of(DomainName name) {
    return new DnsState(
        name,
        null,
        List.of(),
        List.of(),
        MxCheck.UNKNOWN,
        null,
        null,
        null,
        null,
        null,
        null,
        null);
  }

  /**
   * This state after a look. What is known of one name says nothing of another.
   *
   * @param look null: nobody looked
   * @param ses what SES says now
   * @param regions the Regions in which an identity uses the name
   * @param at the time of the look's event
   */
  public DnsState after(
      @Nullable DnsView look, SesView ses, String region, SortedSet<String> regions, Instant at) {
    if (look == null) {
      return this;
    }
    DnsState old = look.name().equals(name) ? this : of(look.name());
    DnsView view = old.completed(look);
    Live live = ses.live();
    NameUse use =
        new NameUse(
            region,
            regions,
            live.isSuccess() && look.name().equals(live.mailFromDomain()),
            ses.dkimSigns());
    MxCheck check = DnsFindings.mxCheck(view);
    Instant rightSince =
        check.isRight() ? first(old.mxRightSince, at) : check.isKnown() ? null : old.mxRightSince;
    Instant keptUntil = old.mxRightSince == null ? keptUntil(view, at) : old.mxKeptUntil;
    SpfVerdict verdict = view.spf().verdict();
    Instant brokenSince =
        verdict.isBroken()
            ? first(old.spfBrokenSince, at)
            : verdict == SpfVerdict.UNKNOWN ? old.spfBrokenSince : null;
    boolean twice =
        check == MxCheck.RIGHT && isRightTwice(view.source(), live, rightSince, keptUntil, at);
    DnsState looked =
        new DnsState(
            view.name(),
            view.zone().apex(),
            DnsFindings.of(view, use),
            RecordsToDo.of(view, use),
            twice ? MxCheck.RIGHT_TWICE : check,
            rightSince,
            rightSince == null ? null : keptUntil,
            verdict,
            brokenSince,
            view.dmarc(),
            old.mxUnderSuccess,
            null);
    return use.success() ? looked.underSuccess(old, view, check) : looked;
  }

  /** While SES says Success an MX answer is the one that works, or another and worse one. */
  private DnsState underSuccess(DnsState old, DnsView view, MxCheck check) {
    if (!check.isKnown()) {
      return with(findings, records, old.mxUnderSuccess, old.mxChangedTo);
    }
    String answer = MxRecord.text(view.mx().records());
    boolean works =
        check.isRight() || old.mxUnderSuccess == null || old.mxUnderSuccess.equals(answer);
    return works
        ? with(findings, records, answer, null)
        : with(findings, records, old.mxUnderSuccess, answer);
  }

  /** Whether SPF is broken, and was seen so for the first time long enough before. */
  public boolean isSpfBrokenTwice(Instant now) {
    return isConfirmed(spfBrokenSince, now);
  }

  private static boolean isConfirmed(@Nullable Instant since, Instant now) {
    return since != null && !now.isBefore(since.plus(CONFIRMED_AFTER));
  }

  /** What was not asked in this look is as it was known. */
  private DnsView completed(DnsView look) {
    DnsView view = look;
    if (look.dmarc() == null) {
      view = view.with(dmarc);
    }
    if (look.zone().state() == Zone.State.NOT_ASKED && zone != null) {
      view = view.with(Zone.of(zone));
    }
    return view;
  }

  private static Instant first(@Nullable Instant known, Instant now) {
    return known == null ? now : known;
  }

  private static @Nullable Instant keptUntil(DnsView view, Instant at) {
    return switch (view.source()) {
      case Source.Resolver(NameServer _, Duration keptFor, boolean _) ->
          keptFor == null ? null : at.plus(keptFor);
      case Source.OwnServers _ -> null;
    };
  }

  /**
   * A resolver is right twice in a second run; where SES gave up, only once it must have asked
   * again since, and when the zone's own servers cannot be asked.
   */
  private static boolean isRightTwice(
      Source source,
      Live live,
      @Nullable Instant rightSince,
      @Nullable Instant keptUntil,
      Instant at) {
    boolean gaveUp = live.status() == MailFromStatus.FAILED;
    boolean isInstead = source instanceof Source.Resolver resolver && resolver.isInstead();
    boolean isNew = isInstead && (keptUntil == null || at.isAfter(keptUntil));
    return isConfirmed(rightSince, at) && (!gaveUp || isNew);
  }
}
