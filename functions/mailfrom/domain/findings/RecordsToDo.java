package mailfrom.domain.findings;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import mailfrom.domain.dns.Answer;
import mailfrom.domain.dns.DnsView;
import mailfrom.domain.dns.DnsView.Sibling;
import mailfrom.domain.dns.MxRecord;
import mailfrom.domain.dns.Spf;
import mailfrom.domain.dns.SpfRecord;
import mailfrom.domain.dns.SpfView;
import mailfrom.domain.findings.RecordToDo.State;
import mailfrom.domain.name.DomainName;
import org.jspecify.annotations.Nullable;

/**
 * The records that a MAIL FROM domain needs, and what is still to be done about each.
 *
 * <p>A type that could not be asked is left out: nobody knows whether there is something to do, and
 * "add" next to a record that is there would make two, which breaks the setup. So is one that may
 * be a wildcard's: "replace" would change it for all names of the zone.
 */
public final class RecordsToDo {
  private final DnsView view;
  private final NameUse use;
  private final boolean nothingOfItsOwn;
  private final List<RecordToDo> records = new ArrayList<>();

  private RecordsToDo(DnsView view, NameUse use) {
    this.view = view;
    this.use = use;
    // What is read at an alias lies at its target, and a wildcard answers no longer once a record
    // stands at the name: the name itself has nothing.
    this.nothingOfItsOwn = hasAliasOfItsOwn() || (view.isOfWildcard() && !DnsFindings.isFine(view));
  }

  /** What is to be done at the name, for all Regions at once. */
  public static List<RecordToDo> of(DnsView view, NameUse use) {
    return new RecordsToDo(view, use).all();
  }

  private List<RecordToDo> all() {
    if (hasAliasOfItsOwn() && !view.mayBeOfWildcard()) {
      for (DomainName target : aliases()) {
        add(RecordType.CNAME, null, target.value(), State.REMOVE);
      }
    }
    addMx();
    addSpf();
    return List.copyOf(records);
  }

  private List<DomainName> aliases() {
    Answer<DomainName> cname = view.others().cname();
    return cname == null ? List.of() : cname.records();
  }

  private boolean hasAliasOfItsOwn() {
    Sibling sibling = view.others().sibling();
    return !aliases().isEmpty()
        && (sibling == null || !Sibling.isWildcards(view.others().cname(), sibling.cname()));
  }

  /** Whether nobody knows what stands at the name itself. */
  private boolean isUnknown(Answer<?> answer) {
    return answer.couldNotAsk()
        || (answer instanceof Answer.Found<?>
            && view.mayBeOfWildcard()
            && !DnsFindings.isFine(view));
  }

  private void addMx() {
    if (isUnknown(view.mx())) {
      return;
    }
    MxRecord expected = use.expectedMx();
    List<MxRecord> there = MxRecord.sorted(view.mx().records());
    MxRecord kept = best(there.stream().filter(this::isFeedbackHost).toList(), expected);
    if (there.isEmpty() || nothingOfItsOwn || (kept == null && isOfWildcard())) {
      addMx(expected, State.ADD);
    } else if (kept != null) {
      addMx(kept, State.PRESENT);
      there.stream()
          .filter(record -> !record.equals(kept))
          .forEach(record -> addMx(record, State.REMOVE));
    } else if (there.size() == 1) {
      addMx(expected, State.REPLACE);
    } else {
      there.forEach(record -> addMx(record, State.REMOVE));
      addMx(expected, State.ADD);
    }
  }

  /** The one to keep of several that each would do; null: there is none. */
  private @Nullable MxRecord best(List<MxRecord> valid, MxRecord expected) {
    return valid.size() < 2
        ? valid.stream().findFirst().orElse(null)
        : Collections.min(
            valid,
            Comparator.comparing((MxRecord record) -> !record.host().equals(expected.host()))
                .thenComparing(record -> record.feedbackRegion().filter(use::isIn).isEmpty())
                .thenComparing(record -> record.priority() != expected.priority())
                .thenComparing(Comparator.naturalOrder()));
  }

  private boolean isFeedbackHost(MxRecord record) {
    return switch (DnsFindings.host(view, record)) {
      case FEEDBACK_HOST, NOT_ASKED -> true;
      case NO_FEEDBACK_HOST, NO_SUCH_REGION -> false;
    };
  }

  /** What a wildcard answers is not at the name, and a record at the name hides it. */
  private boolean isOfWildcard() {
    Sibling sibling = view.others().sibling();
    return sibling != null && Sibling.isWildcards(view.mx(), sibling.mx());
  }

  private void addMx(MxRecord record, State state) {
    add(RecordType.MX, record.priority(), record.host(), state);
  }

  private void addSpf() {
    SpfView spf = view.spf();
    if (isUnknown(spf.txt())) {
      return;
    }
    List<String> there = spf.txt().records();
    SpfView.Proposal proposal = spf.proposal();
    if (there.isEmpty() || nothingOfItsOwn) {
      addTxt(Spf.RECORD, State.ADD);
    } else if (proposal == null) {
      addTxt(theRecord(there), State.PRESENT);
    } else {
      boolean stays = there.get(proposal.instead()).equals(proposal.record());
      addTxt(proposal.record(), stays ? State.PRESENT : State.REPLACE);
      // Texts that are nearly records do no harm beside one.
      for (int i = 0; i < there.size(); i++) {
        if (i != proposal.instead() && SpfRecord.isSpf(there.get(i))) {
          addTxt(there.get(i), State.REMOVE);
        }
      }
    }
  }

  private static String theRecord(List<String> texts) {
    return texts.stream().filter(SpfRecord::isSpf).findFirst().orElse(texts.getFirst());
  }

  private void addTxt(String value, State state) {
    add(RecordType.TXT, null, value, state);
  }

  private void add(RecordType type, @Nullable Integer priority, String value, State state) {
    records.add(
        new RecordToDo(
            view.name(), type, view.zone().apex(), priority, value, RecordToDo.TTL_SECONDS, state));
  }
}
