package mailfrom.domain.findings;

import java.util.List;
import java.util.stream.Collectors;
import mailfrom.domain.dns.DnsView;
import mailfrom.domain.dns.Spf;
import mailfrom.domain.dns.SpfRecord;
import mailfrom.domain.dns.SpfView;
import org.jspecify.annotations.Nullable;

/** What is found of the SPF of a MAIL FROM domain. */
final class SpfFindings {
  private final DnsView view;
  private final FindingList list;
  private final String name;

  SpfFindings(DnsView view, FindingList list) {
    this.view = view;
    this.list = list;
    this.name = list.name();
  }

  void add() {
    SpfView spf = view.spf();
    List<String> records = spf.txt().records();
    if (view.isOfWildcard() && !records.isEmpty()) {
      if (!DnsFindings.isFine(view)) {
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
                  + replace(),
              instead());
      case DUPLICATE ->
          addSpf(
              FindingCode.SPF_DUPLICATE,
              "%s has %d SPF records; receivers treat more than one as an error. Keep one, \"%s\","
                      .formatted(name, records.stream().filter(SpfRecord::isSpf).count(), instead())
                  + " and remove the others."
                  + notes(),
              instead());
      case SYNTAX ->
          addSpf(
              FindingCode.SPF_SYNTAX,
              "Receivers cannot evaluate the SPF record of %s, and pass nobody%s."
                      .formatted(name, why())
                  + replace(),
              instead());
      case TOO_MANY_LOOKUPS ->
          addSpf(
              FindingCode.SPF_TOO_MANY_LOOKUPS,
              "The SPF record of %s makes receivers ask the DNS more than ten times before they get to"
                      .formatted(name)
                  + " SES, and they give up at \"%s\".".formatted(spf.why())
                  + replace(),
              instead());
      case NOT_INCLUDED ->
          addSpf(
              FindingCode.SPF_NOT_INCLUDED,
              "The SPF record of %s does not let SES send%s.".formatted(name, why()) + replace(),
              instead());
    }
  }

  private String replace() {
    return " Replace the record with \"%s\".".formatted(instead()) + notes();
  }

  /** The record to publish instead. */
  private String instead() {
    SpfView.Proposal proposal = view.spf().proposal();
    return proposal == null ? Spf.RECORD : proposal.record();
  }

  private String notes() {
    SpfView.Proposal proposal = view.spf().proposal();
    return proposal == null
        ? ""
        : proposal.notes().stream().map(" "::concat).collect(Collectors.joining());
  }

  private String why() {
    return view.spf().why() == null ? "" : " (" + view.spf().why() + ")";
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
    list.addCached(
        code, message, expected, records.isEmpty() ? null : String.join("; ", records), "TXT");
  }
}
