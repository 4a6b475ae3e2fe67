package mailfrom.domain.findings;

import java.util.List;
import java.util.regex.Pattern;
import mailfrom.domain.dns.Answer;
import mailfrom.domain.dns.DnsView;
import mailfrom.domain.dns.MxRecord;
import mailfrom.domain.findings.DnsFindings.Host;

/** What is found of the MX of a MAIL FROM domain, once it was answered with one voice. */
final class MxFindings {
  private static final Pattern WRONG_SUFFIX =
      Pattern.compile("feedback-smtp\\.[a-z0-9-]+\\.amazonaws\\.com");

  /** A host typed without its final dot: the zone's name was put behind it. */
  private static final Pattern DOUBLED_HOST =
      Pattern.compile("feedback-smtp\\.[a-z0-9-]+\\.amazonses\\.com\\..+");

  private final DnsView view;
  private final NameUse use;
  private final FindingList list;
  private final String name;
  private final String expectedMx;

  MxFindings(DnsView view, NameUse use, FindingList list) {
    this.view = view;
    this.use = use;
    this.list = list;
    this.name = list.name();
    this.expectedMx = list.expectedMx();
  }

  void add() {
    switch (view.mx()) {
      case Answer.CouldNotAsk<MxRecord> _ -> {}
      case Answer.None<MxRecord> _ -> addMissing();
      case Answer.Found<MxRecord>(List<MxRecord> records) -> addMx(records);
    }
  }

  private void addMissing() {
    Answer<MxRecord> doubled = view.others().doubled();
    if (doubled != null
        && doubled.records().stream().anyMatch(record -> record.feedbackRegion().isPresent())) {
      list.addCached(
          FindingCode.MX_DOUBLED_NAME,
          "The MX record was published at a doubled name: at %s with the zone's name behind it once"
                  .formatted(name)
              + " more. The name was typed without its final dot. Remove that record and publish"
              + " MX %s at %s; in this DNS console give the name relative to the zone, or with a"
                  .formatted(expectedMx, name)
              + " final dot.",
          expectedMx,
          MxRecord.text(doubled.records()) + " at the doubled name",
          "MX",
          view.doubledName());
      return;
    }
    list.addCached(
        FindingCode.MX_MISSING,
        "%s has no MX record. Publish exactly one: MX %s.".formatted(name, expectedMx),
        expectedMx,
        null,
        "MX");
    if (view.hasOnlyAddresses()) {
      list.addCached(
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
          records.stream().anyMatch(record -> DnsFindings.host(view, record) == Host.FEEDBACK_HOST);
      list.addCached(
          FindingCode.MX_MULTIPLE,
          "%s has %d MX records; SES takes exactly one, and fails even when one of them is right. %s"
              .formatted(
                  name,
                  records.size(),
                  oneIsRight
                      ? "Keep one SES feedback host and remove all others."
                      : "Remove them and publish MX " + expectedMx + " alone."),
          expectedMx,
          MxRecord.text(records),
          "MX");
    }
    for (MxRecord record : MxRecord.sorted(records)) {
      addMx(record, records.size() == 1);
    }
  }

  private void addMx(MxRecord record, boolean alone) {
    if (record.feedbackRegion().isPresent()) {
      if (alone) {
        addOfItsForm(record);
      }
    } else if (WRONG_SUFFIX.matcher(record.host()).matches()) {
      list.addCached(
          FindingCode.MX_WRONG_SUFFIX,
          "The MX host of %s ends in amazonaws.com; the feedback hosts of SES end in amazonSES.com."
                  .formatted(name)
              + replace(),
          expectedMx,
          record.text(),
          "MX");
    } else if (DOUBLED_HOST.matcher(record.host()).matches()) {
      list.addCached(
          FindingCode.MX_WRONG_SUFFIX,
          "The MX host of %s has more behind amazonses.com: it was typed without its final dot, so"
                  .formatted(name)
              + " the zone's name was put behind it. Replace it with %s. (with the final dot)."
                  .formatted(expectedMx),
          expectedMx,
          record.text(),
          "MX");
    } else if (alone) {
      list.addCached(
          FindingCode.MX_WRONG_HOST,
          "The MX record of %s points to %s, which is no feedback host of SES."
                  .formatted(name, record.host())
              + " Replace it with %s; when the name receives mail, choose another MAIL FROM"
                  .formatted(expectedMx)
              + " domain instead.",
          expectedMx,
          record.text(),
          "MX");
    }
  }

  private String replace() {
    return " Replace it with %s.".formatted(expectedMx);
  }

  /** Adds what is found of a host that has the form of a feedback host. */
  private void addOfItsForm(MxRecord record) {
    if (DnsFindings.host(view, record) == Host.NO_SUCH_REGION) {
      list.addCached(
          FindingCode.MX_WRONG_HOST,
          "The MX record of %s points to %s: there is no such SES Region, and the host has no"
                  .formatted(name, record.host())
              + " address."
              + replace(),
          expectedMx,
          record.text(),
          "MX");
    } else {
      addRight(record);
    }
  }

  private void addRight(MxRecord record) {
    String hostRegion = record.feedbackRegion().orElseThrow();
    if (!use.isIn(hostRegion)) {
      list.addCached(
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
      list.addCached(
          FindingCode.MX_PRIORITY,
          "The MX record of %s has priority %d; SES documents 10 only. Set the priority to 10."
              .formatted(name, record.priority()),
          MxRecord.feedback(hostRegion).text(),
          record.text(),
          "MX");
    }
  }
}
