package mailfrom.domain.findings;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
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
 * @param dmarcDueAt when to look at DMARC again though nothing is wrong; null while nobody looked
 *     at the name
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
    @Nullable Instant dmarcDueAt,
    @Nullable String mxUnderSuccess,
    @Nullable String mxChangedTo) {

  /** Two looks this far apart that agree are believed. */
  private static final Duration CONFIRMED_AFTER = Duration.ofMinutes(10);

  private static final Duration DMARC_EVERY = Duration.ofHours(6);
  private static final int SPREAD_OF_LATER = 12;

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
          null,
          null);

  public DnsState {
    findings = List.copyOf(findings);
    records = List.copyOf(records);
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
        dmarcDueAt,
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
        null,
        null);
  }

  /**
   * Whether DMARC is to be looked at beside MX and SPF. It changes seldom, and costs as much: once
   * in six hours for a healthy name, at another time for each.
   */
  public boolean isDmarcDue(DomainName looked, Instant now) {
    return looked.equals(name) && dmarcDueAt != null && !now.isBefore(dmarcDueAt);
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
            old.dmarcDueAfter(look, at),
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

  /**
   * A first look at DMARC comes at another time for each name: not all in the first run. One that
   * was made before its time changes nothing, so that a row is not written for it.
   */
  private Instant dmarcDueAfter(DnsView look, Instant at) {
    long spread = Math.floorMod(look.name().value().hashCode(), DMARC_EVERY.toSeconds());
    if (dmarcDueAt == null) {
      return at.plusSeconds(spread);
    }
    boolean wasMade = look.dmarc() != null && !at.isBefore(dmarcDueAt);
    return wasMade ? at.plus(DMARC_EVERY).plusSeconds(spread / SPREAD_OF_LATER) : dmarcDueAt;
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
