package mailfrom.domain.findings;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import mailfrom.domain.dns.Answer;
import mailfrom.domain.dns.DmarcView;
import mailfrom.domain.dns.DnsView;
import mailfrom.domain.dns.DnsView.Source;
import mailfrom.domain.dns.MxRecord;
import mailfrom.domain.dns.Question;
import mailfrom.domain.dns.ServerAnswer;
import mailfrom.domain.dns.Spf;
import mailfrom.domain.dns.SpfVerdict;
import mailfrom.domain.name.DomainName;

/** The findings: facts about the DNS of a MAIL FROM domain, read off one look. */
public final class DnsFindings {
  private final DnsView view;
  private final NameUse use;
  private final String name;
  private final String expectedMx;
  private final FindingList list;

  private DnsFindings(DnsView view, NameUse use) {
    this.view = view;
    this.use = use;
    this.list = new FindingList(view, use);
    this.name = list.name();
    this.expectedMx = list.expectedMx();
  }

  /** The findings of a look, worst first. */
  public static List<Finding> of(DnsView view, NameUse use) {
    return new DnsFindings(view, use).all();
  }

  /**
   * Whether the MX is right: answered, with no error about MX or zone, and servers that agree. The
   * zone's own servers are asked twice in a look, so what they find right is right twice.
   */
  public static MxCheck mxCheck(DnsView view) {
    if (view.mx().couldNotAsk()) {
      return MxCheck.UNKNOWN;
    }
    if (view.serversDisagree()) {
      return MxCheck.SERVERS_DISAGREE;
    }
    List<MxRecord> records = view.mx().records();
    if (records.size() != 1) {
      return MxCheck.WRONG;
    }
    return switch (host(view, records.getFirst())) {
      case NO_FEEDBACK_HOST, NO_SUCH_REGION -> MxCheck.WRONG;
      case NOT_ASKED -> MxCheck.UNKNOWN;
      case FEEDBACK_HOST ->
          switch (view.source()) {
            case Source.Resolver _ -> MxCheck.RIGHT;
            case Source.OwnServers _ -> MxCheck.RIGHT_TWICE;
          };
    };
  }

  /** Whether mail can be sent by what is answered now. */
  public static boolean isFine(DnsView view) {
    return mxCheck(view).isRight() && view.spf().verdict() == SpfVerdict.COVERS_SES;
  }

  /** What the host of an MX record is. */
  enum Host {
    NO_FEEDBACK_HOST,
    FEEDBACK_HOST,
    /** It has the form of a feedback host, and does not exist. */
    NO_SUCH_REGION,
    /** It has the form of one, and nobody could be asked whether it exists. */
    NOT_ASKED
  }

  static Host host(DnsView view, MxRecord record) {
    if (record.isOfKnownRegion()) {
      return Host.FEEDBACK_HOST;
    }
    if (record.feedbackRegion().isEmpty()) {
      return Host.NO_FEEDBACK_HOST;
    }
    return switch (view.others().feedbackHost()) {
      case null -> Host.NOT_ASKED;
      case Answer.CouldNotAsk<String> _ -> Host.NOT_ASKED;
      case Answer.None<String> _ -> Host.NO_SUCH_REGION;
      case Answer.Found<String> _ -> Host.FEEDBACK_HOST;
    };
  }

  private List<Finding> all() {
    boolean zoneMissing = zoneIsMissing();
    addUnavailable();
    if (view.serversDisagree()) {
      addDisagreement();
    } else if (zoneMissing) {
      list.addCached(
          FindingCode.ZONE_MISSING,
          "Nobody is delegated the zone of %s: the parent zone does not know it. Has the domain"
                  .formatted(name)
              + " expired? Renew it at its registrar, or put its name servers right there.",
          expectedMx,
          null,
          "SOA");
    } else {
      new MxFindings(view, use, list).add();
    }
    if (view.others().cname() instanceof Answer.Found<DomainName>(List<DomainName> targets)) {
      list.addCached(
          FindingCode.CNAME_PRESENT,
          "%s is an alias (CNAME), which usually breaks the setup: a name with a CNAME can have no"
                  .formatted(name)
              + " other record. Remove the CNAME and publish the MX and TXT records at the name"
              + " itself.",
          null,
          targets.stream().map(DomainName::value).collect(Collectors.joining(", ")),
          "CNAME");
    }
    if (!zoneMissing) {
      new SpfFindings(view, list).add();
    }
    addDmarc();
    if (use.regionsOfName().size() > 1) {
      list.add(
          FindingCode.REGIONS_DIFFER,
          "Identities of several Regions ("
              + String.join(", ", use.regionsOfName())
              + ") use "
              + name
              + ". One MX record serves them all: keep exactly one, of whichever of these Regions,"
              + " and never add a second.",
          null,
          view.mx().records().isEmpty() ? null : MxRecord.text(view.mx().records()),
          "MX");
    }
    return list.worstFirst();
  }

  /** Records that were found prove that there is a zone, whatever the walk to it said. */
  private boolean zoneIsMissing() {
    return switch (view.zone().state()) {
      case MISSING -> view.mx() instanceof Answer.None<MxRecord>;
      case DELEGATED, NOT_ASKED -> false;
    };
  }

  // ---- who was asked

  private void addUnavailable() {
    List<String> types = new ArrayList<>();
    List<String> why = new ArrayList<>();
    if (view.mx() instanceof Answer.CouldNotAsk<MxRecord>(String reason)) {
      types.add("MX");
      why.add("MX: " + reason);
    }
    if (view.spf().txt() instanceof Answer.CouldNotAsk<String>(String reason)) {
      types.add("TXT");
      why.add("TXT: " + reason);
    }
    if (!types.isEmpty()) {
      list.add(
          FindingCode.DNS_UNAVAILABLE,
          "The DNS could not be asked for the %s record of %s, so nothing is known about it and"
                  .formatted(String.join(" and the ", types), name)
              + " nothing is changed. It is asked again in the next run; if it stays so, look at the"
              + " name servers of the zone.",
          types.contains("MX") ? expectedMx : Spf.RECORD,
          String.join("; ", why),
          types.getFirst());
    } else if (view.spf().verdict() == SpfVerdict.UNKNOWN && view.spf().why() != null) {
      list.addElsewhere(
          FindingCode.DNS_UNAVAILABLE,
          "Whether mail from SES passes the SPF record of %s is not known: a name that it refers to"
                  .formatted(name)
              + " could not be asked for. It is asked again in the next run.",
          null,
          view.spf().why(),
          Objects.requireNonNullElseGet(view.spf().silent(), () -> new Question("TXT", name)));
    }
    if (view.mx().records().size() == 1) {
      addUnproven(view.mx().records().getFirst());
    }
    if (view.source() instanceof Source.OwnServers(List<ServerAnswer> answers)) {
      addServers(answers);
    }
  }

  private void addUnproven(MxRecord record) {
    if (host(view, record) != Host.NOT_ASKED || isUsedIn(record)) {
      return;
    }
    list.addElsewhere(
        FindingCode.DNS_UNAVAILABLE,
        "The MX record of %s names a feedback host of a Region that is not known here, and the DNS"
                .formatted(name)
            + " could not be asked whether that host exists. Nothing is changed meanwhile.",
        expectedMx,
        record.text(),
        new Question("A", record.host()));
  }

  private boolean isUsedIn(MxRecord record) {
    return record.feedbackRegion().filter(use::isIn).isPresent();
  }

  /** Servers that answer otherwise than they should, though what they say is no disagreement. */
  private void addServers(List<ServerAnswer> answers) {
    List<ServerAnswer> silent =
        answers.stream().filter(answer -> answer.mx().couldNotAsk()).toList();
    if (!silent.isEmpty()) {
      list.add(
          FindingCode.DNS_UNAVAILABLE,
          "Some of the zone's own name servers do not answer for %s: have them mended, or take them"
                  .formatted(name)
              + " out of the zone and out of its delegation. The others were believed.",
          null,
          who(silent),
          "MX",
          silent);
    }
    List<ServerAnswer> modest =
        answers.stream()
            .filter(answer -> !answer.mx().couldNotAsk() && !answer.hasAuthority())
            .toList();
    if (!modest.isEmpty()) {
      list.add(
          FindingCode.DNS_UNAVAILABLE,
          "Some of the zone's own name servers answer for %s without the bit that says that they are"
                  .formatted(name)
              + " an authority. Their answers were taken all the same.",
          null,
          who(modest),
          "MX",
          modest);
    }
  }

  private void addDisagreement() {
    List<ServerAnswer> answers =
        view.source() instanceof Source.OwnServers(List<ServerAnswer> all) ? all : List.of();
    list.add(
        FindingCode.DNS_SERVERS_DISAGREE,
        "The zone's own name servers give different MX answers for %s. Wait until a change has"
                .formatted(name)
            + " reached all of them; if it stays so, compare the zone at each server and mend its"
            + " transfer. Nothing is changed in SES meanwhile.",
        expectedMx,
        who(answers),
        "MX",
        answers);
  }

  private static String who(List<ServerAnswer> answers) {
    return answers.stream().map(ServerAnswer::text).distinct().collect(Collectors.joining("; "));
  }

  // ---- DMARC

  private void addDmarc() {
    DmarcView dmarc = view.dmarc();
    if (dmarc == null || dmarc.spfCounts()) {
      return;
    }
    DmarcView.Policy policy = dmarc.applied().orElseThrow();
    String rest =
        switch (use.dkimSigns()) {
          case null -> "DMARC rests on DKIM alone: make sure that it signs everything.";
          case Boolean signs when signs -> "DMARC rests on DKIM alone, which signs: it passes.";
          case Boolean _ ->
              "DKIM does not sign, so DMARC fails, and receivers are asked for p=%s."
                  .formatted(policy.action().word());
        };
    boolean strict = policy.strictSpf();
    String message =
        strict
            ? "The DMARC policy of %s (at %s) says aspf=s: SPF then counts only when the MAIL FROM"
                    .formatted(dmarc.from(), policy.recordName())
                + " domain is the From domain itself, which a subdomain never is. "
                + rest
                + " Take aspf=s out of the DMARC record (aspf=r is the default), or let DKIM sign."
            : "By the tree walk of DMARC (RFC 9989), %s belongs to another organization than the From"
                    .formatted(name)
                + " domain %s: SPF never counts for DMARC. ".formatted(dmarc.from())
                + rest
                + " A psd tag in a record at or below %s does that: take it out."
                    .formatted(dmarc.from());
    FindingCode code = strict ? FindingCode.DMARC_STRICT_SPF : FindingCode.DMARC_CANNOT_ALIGN;
    // With neither leg DMARC fails now; with the other one it is a risk.
    FindingSeverity severity =
        Boolean.FALSE.equals(use.dkimSigns()) ? FindingSeverity.ERROR : code.severity();
    list.addByResolver(
        new Finding(
            code,
            severity,
            message,
            strict ? "aspf=r" : null,
            strict ? "aspf=s" : null,
            list.resolver().text(),
            "dig " + list.resolver().dig("TXT", policy.recordName())));
  }
}
