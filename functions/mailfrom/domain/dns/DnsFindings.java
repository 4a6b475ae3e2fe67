package mailfrom.domain.dns;

import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
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
  private final String region;
  private final SortedSet<String> regionsOfName;
  private final boolean success;
  private final String expectedMx;
  private final List<Finding> findings = new ArrayList<>();

  private DnsFindings(
      DnsView view, String region, SortedSet<String> regionsOfName, boolean success) {
    this.view = view;
    this.region = region;
    this.regionsOfName = regionsOfName;
    this.success = success;
    this.expectedMx = RecordsToDo.expectedMx(region, regionsOfName).text();
  }

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
    return new DnsFindings(view, region, regionsOfName, success).all();
  }

  /**
   * Whether the MX is right: answered, with no error about MX or zone, and servers that agree. The
   * zone's own servers are asked twice in a look, so what they find right is right twice.
   */
  public static MxCheck mxSight(DnsView view) {
    if (view.mx().couldNotAsk() || view.serversDisagree()) {
      return MxCheck.UNKNOWN;
    }
    List<MxRecord> records = view.mx().records();
    if (records.size() != 1 || records.getFirst().feedbackRegion().isEmpty()) {
      return MxCheck.WRONG;
    }
    return switch (view.source()) {
      case RESOLVER -> MxCheck.RIGHT;
      case OWN_SERVERS -> MxCheck.RIGHT_TWICE;
    };
  }

  private List<Finding> all() {
    boolean zoneMissing = zoneIsMissing();
    if (view.mx().couldNotAsk() || view.txt().couldNotAsk()) {
      addUnavailable();
    }
    if (view.serversDisagree()) {
      add(
          FindingCode.DNS_SERVERS_DISAGREE,
          "The zone's own name servers give different MX answers for %s. Wait until a change has"
                  .formatted(view.name())
              + " reached all of them; if it stays so, compare the zone at each server and mend its"
              + " transfer. Nothing is changed in SES meanwhile.",
          expectedMx,
          mxText(view.mx().records()));
    } else if (zoneMissing) {
      addCached(
          FindingCode.ZONE_MISSING,
          "Nobody is delegated the zone of %s: the parent zone does not know it. Has the domain"
                  .formatted(view.name())
              + " expired? Renew it at its registrar, or put its name servers right there.",
          expectedMx,
          null);
    } else {
      switch (view.mx()) {
        case Answer.CouldNotAsk<MxRecord> _ -> {}
        case Answer.None<MxRecord> _ -> addMissing();
        case Answer.Found<MxRecord>(List<MxRecord> records) -> addMx(records);
      }
    }
    Answer<DomainName> cname = view.cname();
    if (cname instanceof Answer.Found<DomainName>(List<DomainName> targets)) {
      addCached(
          FindingCode.CNAME_PRESENT,
          "%s is an alias (CNAME), which usually breaks the setup: a name with a CNAME can have no"
                  .formatted(view.name())
              + " other record. Remove the CNAME and publish the MX and TXT records at the name"
              + " itself.",
          null,
          targets.stream().map(DomainName::value).collect(Collectors.joining(", ")));
    }
    if (!zoneMissing && !view.txt().couldNotAsk()) {
      addSpf();
    }
    if (Boolean.TRUE.equals(view.dmarcStrictSpf())) {
      addCached(
          FindingCode.DMARC_STRICT_SPF,
          "The DMARC policy above %s says aspf=s: SPF then counts only when the MAIL FROM domain is"
                  .formatted(view.name())
              + " the From domain itself, which a subdomain never is. DMARC rests on DKIM alone."
              + " Take aspf=s out of the DMARC record (aspf=r is the default), or make sure that"
              + " DKIM signs everything.",
          "aspf=r",
          "aspf=s");
    }
    if (regionsOfName.size() > 1) {
      add(
          FindingCode.REGIONS_DIFFER,
          "Identities of several Regions (%s) use %s. One MX record serves them all: keep exactly"
                  .formatted(String.join(", ", regionsOfName), view.name())
              + " one, of whichever of these Regions, and never add a second.",
          null,
          view.mx().records().isEmpty() ? null : mxText(view.mx().records()));
    }
    findings.sort(Comparator.comparing(Finding::severity).thenComparing(Finding::code));
    return List.copyOf(findings);
  }

  /** Records that were found prove that there is a zone, whatever the walk to it said. */
  private boolean zoneIsMissing() {
    return switch (view.zone()) {
      case MISSING -> view.mx() instanceof Answer.None<MxRecord>;
      case DELEGATED, NOT_ASKED -> false;
    };
  }

  private void addUnavailable() {
    List<String> types = new ArrayList<>();
    List<String> why = new ArrayList<>();
    if (view.mx() instanceof Answer.CouldNotAsk<MxRecord>(String reason)) {
      types.add("MX");
      why.add("MX: " + reason);
    }
    if (view.txt() instanceof Answer.CouldNotAsk<String>(String reason)) {
      types.add("TXT");
      why.add("TXT: " + reason);
    }
    add(
        FindingCode.DNS_UNAVAILABLE,
        "The DNS could not be asked for the %s record of %s, so nothing is known about it and nothing"
                .formatted(String.join(" and the ", types), view.name())
            + " is changed. It is asked again in the next run; if it stays so, look at the name"
            + " servers of the zone.",
        types.contains("MX") ? expectedMx : Spf.RECORD,
        String.join("; ", why));
  }

  private void addMissing() {
    Answer<MxRecord> doubled = view.doubled();
    if (doubled != null
        && doubled.records().stream().anyMatch(record -> record.feedbackRegion().isPresent())) {
      addCached(
          FindingCode.MX_DOUBLED_NAME,
          "The MX record was published at a doubled name: at %s with the zone's name behind it once"
                  .formatted(view.name())
              + " more. The name was typed without its final dot. Remove that record and publish"
              + " MX %s at %s; in this DNS console give the name relative to the zone, or with a"
                  .formatted(expectedMx, view.name())
              + " final dot.",
          expectedMx,
          mxText(doubled.records()) + " at the doubled name");
      return;
    }
    addCached(
        FindingCode.MX_MISSING,
        "%s has no MX record. Publish exactly one: MX %s.".formatted(view.name(), expectedMx),
        expectedMx,
        null);
  }

  private void addMx(List<MxRecord> records) {
    if (records.size() > 1) {
      boolean oneIsRight = records.stream().anyMatch(record -> record.feedbackRegion().isPresent());
      addCached(
          FindingCode.MX_MULTIPLE,
          "%s has %d MX records; SES takes exactly one, and fails even when one of them is right. %s"
              .formatted(
                  view.name(),
                  records.size(),
                  oneIsRight
                      ? "Keep one SES feedback host and remove all others."
                      : "Remove them and publish MX " + expectedMx + " alone."),
          expectedMx,
          mxText(records));
    }
    for (MxRecord record : records.stream().sorted().toList()) {
      if (record.feedbackRegion().isPresent()) {
        if (records.size() == 1) {
          addRight(record, record.feedbackRegion().get());
        }
      } else if (WRONG_SUFFIX.matcher(record.host()).matches()) {
        addCached(
            FindingCode.MX_WRONG_SUFFIX,
            "The MX host of %s ends in amazonaws.com; the feedback hosts of SES end in amazonSES.com."
                    .formatted(view.name())
                + " Replace it with %s.".formatted(expectedMx),
            expectedMx,
            record.text());
      } else if (DOUBLED_HOST.matcher(record.host()).matches()) {
        addCached(
            FindingCode.MX_WRONG_SUFFIX,
            "The MX host of %s has more behind amazonses.com: it was typed without its final dot, so"
                    .formatted(view.name())
                + " the zone's name was put behind it. Replace it with %s. (with the final dot)."
                    .formatted(expectedMx),
            expectedMx,
            record.text());
      } else if (records.size() == 1) {
        addCached(
            FindingCode.MX_WRONG_HOST,
            "The MX record of %s points to %s, which is no feedback host of SES. Replace it with %s;"
                    .formatted(view.name(), record.host(), expectedMx)
                + " when the name receives mail, choose another MAIL FROM domain instead.",
            expectedMx,
            record.text());
      }
    }
  }

  private void addRight(MxRecord record, String hostRegion) {
    if (!hostRegion.equals(region) && !regionsOfName.contains(hostRegion)) {
      addCached(
          FindingCode.MX_OTHER_REGION,
          "The MX record of %s names the feedback host of %s, and no identity there uses the name."
                  .formatted(view.name(), hostRegion)
              + " SES takes any of its Regions, so this may be meant; if not, replace it with %s."
                  .formatted(expectedMx),
          expectedMx,
          record.text());
    }
    if (record.priority() != MxRecord.feedback(region).priority()) {
      addCached(
          FindingCode.MX_PRIORITY,
          "The MX record of %s has priority %d; SES documents 10 only. Set the priority to 10."
              .formatted(view.name(), record.priority()),
          MxRecord.feedback(hostRegion).text(),
          record.text());
    }
  }

  private void addSpf() {
    List<String> records = view.txt().records();
    String actual = records.isEmpty() ? null : String.join("; ", records);
    switch (view.spf()) {
      case COVERS_SES, UNKNOWN -> {}
      case MISSING ->
          addCached(
              FindingCode.SPF_MISSING,
              "%s has no SPF record: receivers cannot see that SES may send for it, and DMARC gets no"
                      .formatted(view.name())
                  + " pass from SPF. Publish TXT \"%s\".".formatted(Spf.RECORD),
              Spf.RECORD,
              actual);
      case DUPLICATE ->
          addCached(
              FindingCode.SPF_DUPLICATE,
              "%s has %d SPF records; receivers treat more than one as an error. Keep one that has"
                      .formatted(view.name(), records.size())
                  + " include:amazonses.com, and remove the others.",
              Spf.RECORD,
              actual);
      case NOT_INCLUDED -> {
        String expected = records.size() == 1 ? Spf.withSes(records.getFirst()) : Spf.RECORD;
        addCached(
            FindingCode.SPF_NOT_INCLUDED,
            "The SPF record of %s does not let SES send: include:amazonses.com is not reached (it is"
                    .formatted(view.name())
                + " absent, comes after a term that decides, or after more than ten look-ups)."
                + " Replace the record with \"%s\".".formatted(expected),
            expected,
            actual);
      }
    }
  }

  /** Adds what may be an old answer, and says so. */
  private void addCached(
      FindingCode code, String message, @Nullable String expected, @Nullable String actual) {
    add(
        code,
        view.cachedUntil() == null
            ? message
            : message
                + " (The zone's own name servers could not be asked: this may be a cached answer"
                + " until %s.)".formatted(view.cachedUntil().truncatedTo(ChronoUnit.SECONDS)),
        expected,
        actual);
  }

  private void add(
      FindingCode code, String message, @Nullable String expected, @Nullable String actual) {
    boolean opinion = success && code.isAboutMx() && code.severity() == FindingSeverity.ERROR;
    findings.add(
        new Finding(
            code, opinion ? FindingSeverity.WARNING : code.severity(), message, expected, actual));
  }

  private static String mxText(List<MxRecord> records) {
    return records.isEmpty()
        ? "no record at some of them"
        : records.stream().sorted().map(MxRecord::text).collect(Collectors.joining(", "));
  }
}
