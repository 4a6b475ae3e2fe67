package mailfrom.domain.dns;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import mailfrom.domain.dns.DnsView.Source;
import mailfrom.domain.name.DomainName;
import org.jspecify.annotations.Nullable;

/** The findings: facts about the DNS of a MAIL FROM domain, read off one look. */
public final class DnsFindings {
  private static final Pattern WRONG_SUFFIX =
      Pattern.compile("feedback-smtp\\.[a-z0-9-]+\\.amazonaws\\.com");

  /** A host typed without its final dot: the zone's name was put behind it. */
  private static final Pattern DOUBLED_HOST =
      Pattern.compile("feedback-smtp\\.[a-z0-9-]+\\.amazonses\\.com\\..+");

  private final DnsView view;
  private final NameUse use;
  private final String name;
  private final String expectedMx;
  private final NameServer server;
  private final boolean isOwn;
  private final List<Finding> findings = new ArrayList<>();

  private DnsFindings(DnsView view, NameUse use) {
    this.view = view;
    this.use = use;
    this.name = view.name().value();
    this.expectedMx = use.expectedMx().text();
    this.isOwn = view.source() instanceof Source.OwnServers;
    this.server = asked(view.source());
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
    if (record.feedbackRegion().isEmpty()) {
      return Host.NO_FEEDBACK_HOST;
    }
    if (record.isOfKnownRegion()) {
      return Host.FEEDBACK_HOST;
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
      addCached(
          FindingCode.ZONE_MISSING,
          "Nobody is delegated the zone of %s: the parent zone does not know it. Has the domain"
                  .formatted(name)
              + " expired? Renew it at its registrar, or put its name servers right there.",
          expectedMx,
          null,
          "SOA");
    } else {
      switch (view.mx()) {
        case Answer.CouldNotAsk<MxRecord> _ -> {}
        case Answer.None<MxRecord> _ -> addMissing();
        case Answer.Found<MxRecord>(List<MxRecord> records) -> addMx(records);
      }
    }
    if (view.others().cname() instanceof Answer.Found<DomainName>(List<DomainName> targets)) {
      addCached(
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
      addSpf();
    }
    addDmarc();
    if (use.regionsOfName().size() > 1) {
      add(
          FindingCode.REGIONS_DIFFER,
          "Identities of several Regions (%s) use %s. One MX record serves them all: keep exactly"
                  .formatted(String.join(", ", use.regionsOfName()), name)
              + " one, of whichever of these Regions, and never add a second.",
          null,
          view.mx().records().isEmpty() ? null : mxText(view.mx().records()),
          "MX");
    }
    findings.sort(Comparator.comparing(Finding::severity).thenComparing(Finding::code));
    return List.copyOf(findings);
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
      add(
          FindingCode.DNS_UNAVAILABLE,
          "The DNS could not be asked for the %s record of %s, so nothing is known about it and"
                  .formatted(String.join(" and the ", types), name)
              + " nothing is changed. It is asked again in the next run; if it stays so, look at the"
              + " name servers of the zone.",
          types.contains("MX") ? expectedMx : Spf.RECORD,
          String.join("; ", why),
          types.getFirst());
    } else if (view.spf().verdict() == SpfVerdict.UNKNOWN && view.spf().why() != null) {
      add(
          FindingCode.DNS_UNAVAILABLE,
          "Whether mail from SES passes the SPF record of %s is not known: a name that it refers to"
                  .formatted(name)
              + " could not be asked for. It is asked again in the next run.",
          null,
          view.spf().why(),
          "TXT");
    }
    if (unprovenHost().isPresent()) {
      add(
          FindingCode.DNS_UNAVAILABLE,
          "The MX record of %s names a feedback host of a Region that is not known here, and the DNS"
                  .formatted(name)
              + " could not be asked whether that host exists. Nothing is changed meanwhile.",
          expectedMx,
          unprovenHost().get().text(),
          "MX");
    }
    if (view.source() instanceof Source.OwnServers(List<ServerAnswer> answers)) {
      addServers(answers);
    }
  }

  private Optional<MxRecord> unprovenHost() {
    return view.mx().records().stream()
        .filter(record -> view.mx().records().size() == 1)
        .filter(record -> host(view, record) == Host.NOT_ASKED && !isUsedIn(record))
        .findFirst();
  }

  private boolean isUsedIn(MxRecord record) {
    return record.feedbackRegion().filter(use::isIn).isPresent();
  }

  /** Servers that answer otherwise than they should, though what they say is no disagreement. */
  private void addServers(List<ServerAnswer> answers) {
    List<ServerAnswer> silent =
        answers.stream().filter(answer -> answer.mx().couldNotAsk()).toList();
    if (!silent.isEmpty()) {
      add(
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
      add(
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
    add(
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

  private static NameServer asked(Source source) {
    return switch (source) {
      case Source.Resolver(NameServer resolver, Duration _, boolean _) -> resolver;
      case Source.OwnServers(List<ServerAnswer> answers) ->
          answers.stream()
              .filter(answer -> !answer.mx().couldNotAsk())
              .map(ServerAnswer::server)
              .findFirst()
              .orElse(NameServer.RESOLVER);
    };
  }

  // ---- the MX

  private void addMissing() {
    Answer<MxRecord> doubled = view.others().doubled();
    if (doubled != null
        && doubled.records().stream().anyMatch(record -> record.feedbackRegion().isPresent())) {
      addCached(
          FindingCode.MX_DOUBLED_NAME,
          "The MX record was published at a doubled name: at %s with the zone's name behind it once"
                  .formatted(name)
              + " more. The name was typed without its final dot. Remove that record and publish"
              + " MX %s at %s; in this DNS console give the name relative to the zone, or with a"
                  .formatted(expectedMx, name)
              + " final dot.",
          expectedMx,
          mxText(doubled.records()) + " at the doubled name",
          "MX");
      return;
    }
    addCached(
        FindingCode.MX_MISSING,
        "%s has no MX record. Publish exactly one: MX %s.".formatted(name, expectedMx),
        expectedMx,
        null,
        "MX");
    if (view.hasOnlyAddresses()) {
      addCached(
          FindingCode.MX_HIDDEN_BY_PROXY,
          "%s answers with addresses only. Where the DNS console shows mail records at this name, a"
                  .formatted(name)
              + " proxy or a flattened alias hides them: switch the proxy off for this name, or"
              + " remove the alias.",
          expectedMx,
          String.join(", ", view.addresses()),
          "A");
    }
  }

  private void addMx(List<MxRecord> records) {
    if (records.size() > 1) {
      boolean oneIsRight =
          records.stream().anyMatch(record -> host(view, record) == Host.FEEDBACK_HOST);
      addCached(
          FindingCode.MX_MULTIPLE,
          "%s has %d MX records; SES takes exactly one, and fails even when one of them is right. %s"
              .formatted(
                  name,
                  records.size(),
                  oneIsRight
                      ? "Keep one SES feedback host and remove all others."
                      : "Remove them and publish MX " + expectedMx + " alone."),
          expectedMx,
          mxText(records),
          "MX");
    }
    for (MxRecord record : records.stream().sorted().toList()) {
      addMx(record, records.size() == 1);
    }
  }

  private void addMx(MxRecord record, boolean alone) {
    String replace = " Replace it with %s.".formatted(expectedMx);
    if (WRONG_SUFFIX.matcher(record.host()).matches()) {
      addCached(
          FindingCode.MX_WRONG_SUFFIX,
          "The MX host of %s ends in amazonaws.com; the feedback hosts of SES end in amazonSES.com."
                  .formatted(name)
              + replace,
          expectedMx,
          record.text(),
          "MX");
    } else if (DOUBLED_HOST.matcher(record.host()).matches()) {
      addCached(
          FindingCode.MX_WRONG_SUFFIX,
          "The MX host of %s has more behind amazonses.com: it was typed without its final dot, so"
                  .formatted(name)
              + " the zone's name was put behind it. Replace it with %s. (with the final dot)."
                  .formatted(expectedMx),
          expectedMx,
          record.text(),
          "MX");
    } else if (alone) {
      switch (host(view, record)) {
        case NO_FEEDBACK_HOST ->
            addCached(
                FindingCode.MX_WRONG_HOST,
                "The MX record of %s points to %s, which is no feedback host of SES."
                        .formatted(name, record.host())
                    + " Replace it with %s; when the name receives mail, choose another MAIL FROM"
                        .formatted(expectedMx)
                    + " domain instead.",
                expectedMx,
                record.text(),
                "MX");
        case NO_SUCH_REGION ->
            addCached(
                FindingCode.MX_WRONG_HOST,
                "The MX record of %s points to %s: there is no such SES Region, and the host has no"
                        .formatted(name, record.host())
                    + " address."
                    + replace,
                expectedMx,
                record.text(),
                "MX");
        case FEEDBACK_HOST, NOT_ASKED -> addRight(record);
      }
    }
  }

  private void addRight(MxRecord record) {
    String hostRegion = record.feedbackRegion().orElseThrow();
    if (!use.isIn(hostRegion)) {
      addCached(
          FindingCode.MX_OTHER_REGION,
          "The MX record of %s names the feedback host of %s, and no identity there uses the name."
                  .formatted(name, hostRegion)
              + " SES takes any of its Regions, so this may be meant; if not, replace it with %s."
                  .formatted(expectedMx),
          expectedMx,
          record.text(),
          "MX");
    }
    if (record.priority() != use.expectedMx().priority()) {
      addCached(
          FindingCode.MX_PRIORITY,
          "The MX record of %s has priority %d; SES documents 10 only. Set the priority to 10."
              .formatted(name, record.priority()),
          MxRecord.feedback(hostRegion).text(),
          record.text(),
          "MX");
    }
  }

  // ---- SPF

  private void addSpf() {
    SpfView spf = view.spf();
    List<String> records = spf.txt().records();
    if (view.isOfWildcard() && !records.isEmpty()) {
      if (!view.isFine()) {
        addSpf(
            FindingCode.SPF_MISSING,
            "%s has no SPF record of its own: a wildcard answers for it now, as for any name beside"
                    .formatted(name)
                + " it, and stops to answer as soon as a record stands at the name itself. Publish"
                + " TXT \"%s\" at the name, and leave the wildcard as it is.".formatted(Spf.RECORD),
            Spf.RECORD);
      }
      return;
    }
    SpfView.Proposal proposal = spf.proposal();
    String instead = proposal == null ? Spf.RECORD : proposal.record();
    String replace =
        " Replace the record with \"%s\".".formatted(instead)
            + (proposal == null
                ? ""
                : proposal.notes().stream().map(" "::concat).collect(Collectors.joining()));
    String why = spf.why() == null ? "" : " (" + spf.why() + ")";
    switch (spf.verdict()) {
      case UNKNOWN -> {}
      case COVERS_SES -> addRemarks();
      case MISSING ->
          addSpf(
              FindingCode.SPF_MISSING,
              "%s has no SPF record: receivers cannot see that SES may send for it, and DMARC gets no"
                      .formatted(name)
                  + " pass from SPF. Publish TXT \"%s\".".formatted(Spf.RECORD),
              Spf.RECORD);
      case NEARLY ->
          addSpf(
              FindingCode.SPF_NEARLY,
              "%s has a record that is nearly an SPF record, so that receivers see none: %s."
                      .formatted(name, spf.why())
                  + replace,
              instead);
      case DUPLICATE ->
          addSpf(
              FindingCode.SPF_DUPLICATE,
              "%s has %d SPF records; receivers treat more than one as an error. Keep one, \"%s\","
                      .formatted(name, records.size(), instead)
                  + " and remove the others."
                  + notes(proposal),
              instead);
      case SYNTAX ->
          addSpf(
              FindingCode.SPF_SYNTAX,
              "Receivers cannot evaluate the SPF record of %s, and pass nobody%s."
                      .formatted(name, why)
                  + replace,
              instead);
      case TOO_MANY_LOOKUPS ->
          addSpf(
              FindingCode.SPF_TOO_MANY_LOOKUPS,
              "The SPF record of %s makes receivers ask the DNS more than ten times before they get to"
                      .formatted(name)
                  + " SES, and they give up at \"%s\".".formatted(spf.why())
                  + replace,
              instead);
      case NOT_INCLUDED ->
          addSpf(
              FindingCode.SPF_NOT_INCLUDED,
              "The SPF record of %s does not let SES send%s.".formatted(name, why) + replace,
              instead);
    }
  }

  private static String notes(SpfView.@Nullable Proposal proposal) {
    return proposal == null
        ? ""
        : proposal.notes().stream().map(" "::concat).collect(Collectors.joining());
  }

  private void addRemarks() {
    for (SpfView.Remark remark : view.spf().remarks()) {
      switch (remark) {
        case FLATTENED ->
            addSpf(
                FindingCode.SPF_FLATTENED,
                "The SPF record of %s covers all of SES's addresses by naming them. It goes stale when"
                        .formatted(name)
                    + " SES gets new ones: include:amazonses.com does not.",
                null);
        case ALLOWS_ALL ->
            addSpf(
                FindingCode.SPF_ALLOWS_ALL,
                "The SPF record of %s lets everybody send, not only SES: anybody's mail passes SPF as"
                        .formatted(name)
                    + " yours. Replace it with one that ends in ~all.",
                Spf.RECORD);
        case VOID_LOOKUPS ->
            addSpf(
                FindingCode.SPF_VOID_LOOKUPS,
                "The SPF record of %s makes receivers ask for more than two names that do not exist"
                        .formatted(name)
                    + " before they get to SES; some of them then give up. Take out what does not"
                    + " exist any more, or put include:amazonses.com first.",
                null);
      }
    }
  }

  private void addSpf(FindingCode code, String message, @Nullable String expected) {
    List<String> records = view.spf().txt().records();
    addCached(
        code, message, expected, records.isEmpty() ? null : String.join("; ", records), "TXT");
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
            : "By the psd tags of the DMARC records, %s belongs to another organization than the From"
                    .formatted(name)
                + " domain %s: SPF never counts for DMARC. ".formatted(dmarc.from())
                + rest
                + " Take the psd tag out of the record at or below %s.".formatted(dmarc.from());
    FindingCode code = strict ? FindingCode.DMARC_STRICT_SPF : FindingCode.DMARC_CANNOT_ALIGN;
    // With neither leg DMARC fails now; with the other one it is a risk.
    FindingSeverity severity =
        Boolean.FALSE.equals(use.dkimSigns()) ? FindingSeverity.ERROR : code.severity();
    findings.add(
        new Finding(
            code,
            severity,
            message,
            strict ? "aspf=r" : null,
            strict ? "aspf=s" : null,
            NameServer.RESOLVER.text(),
            "dig " + dmarcServer().dig("TXT", policy.recordName())));
  }

  /** Policies lie in other zones: the resolver is asked for them. */
  private NameServer dmarcServer() {
    return view.source() instanceof Source.Resolver(NameServer resolver, Duration _, boolean _)
        ? resolver
        : NameServer.RESOLVER;
  }

  // ---- adding

  /** Adds what may be an old answer, and says so. */
  private void addCached(
      FindingCode code,
      String message,
      @Nullable String expected,
      @Nullable String actual,
      String type) {
    String kept =
        view.mayBeKeptFor()
            .map(
                duration ->
                    " (The zone's own name servers could not be asked: this may be an answer that a"
                        + " resolver keeps for another %d s.)".formatted(duration.toSeconds()))
            .orElse("");
    add(code, message + kept, expected, actual, type);
  }

  private void add(
      FindingCode code,
      String message,
      @Nullable String expected,
      @Nullable String actual,
      String type) {
    add(code, message, expected, actual, server.text(), dig(server.dig(type, name)));
  }

  private void add(
      FindingCode code,
      String message,
      @Nullable String expected,
      @Nullable String actual,
      String type,
      List<ServerAnswer> answers) {
    List<NameServer> servers = answers.stream().map(ServerAnswer::server).distinct().toList();
    add(
        code,
        message,
        expected,
        actual,
        servers.stream().map(NameServer::text).collect(Collectors.joining("; ")),
        dig(servers.stream().map(one -> one.dig(type, name)).collect(Collectors.joining(" "))));
  }

  private String dig(String questions) {
    return isOwn ? "dig +norecurse " + questions : "dig " + questions;
  }

  private void add(
      FindingCode code,
      String message,
      @Nullable String expected,
      @Nullable String actual,
      String asked,
      String dig) {
    boolean opinion = use.success() && code.isAboutMx() && code.severity() == FindingSeverity.ERROR;
    findings.add(
        new Finding(
            code,
            opinion ? FindingSeverity.WARNING : code.severity(),
            message,
            expected,
            actual,
            asked,
            dig));
  }

  private static String mxText(List<MxRecord> records) {
    return records.stream().sorted().map(MxRecord::text).collect(Collectors.joining(", "));
  }
}
