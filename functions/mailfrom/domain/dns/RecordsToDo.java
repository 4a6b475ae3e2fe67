package mailfrom.domain.dns;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import mailfrom.domain.dns.RecordToDo.State;
import mailfrom.domain.name.DomainName;

/**
 * The records that a MAIL FROM domain needs, and what is still to be done about each.
 *
 * <p>A type that could not be asked is left out: nobody knows whether there is something to do, and
 * "add" next to a record that is there would make two, which breaks the setup.
 */
public final class RecordsToDo {
  /** Short, so that a mistake is over soon. */
  private static final int TTL_SECONDS = 300;

  private RecordsToDo() {}

  /**
   * What is to be done at the name, for all Regions at once.
   *
   * @param region the Region of the identity
   * @param regionsOfName all Regions whose identities use the name
   */
  public static List<RecordToDo> of(DnsView view, String region, SortedSet<String> regionsOfName) {
    List<RecordToDo> records = new ArrayList<>();
    // What is read at an alias lies at its target: the name itself has nothing but the alias.
    List<DomainName> aliases = ownAliases(view);
    for (DomainName target : aliases) {
      records.add(
          new RecordToDo(view.name(), "CNAME", null, target.value(), TTL_SECONDS, State.REMOVE));
    }
    boolean nothingOfItsOwn = !aliases.isEmpty();
    addMx(view, region, regionsOfName, nothingOfItsOwn, records);
    addSpf(view, nothingOfItsOwn, records);
    return List.copyOf(records);
  }

  /**
   * The one MX record that all Regions of the name are told to publish: were each told its own,
   * following two of them would break both.
   */
  static MxRecord expectedMx(String region, SortedSet<String> regionsOfName) {
    return MxRecord.feedback(regionsOfName.isEmpty() ? region : regionsOfName.first());
  }

  private static List<DomainName> ownAliases(DnsView view) {
    Answer<DomainName> cname = view.cname();
    if (cname == null) {
      return List.of();
    }
    DnsView.Sibling sibling = view.sibling();
    boolean wildcards =
        sibling != null
            && Set.copyOf(sibling.cname().records()).equals(Set.copyOf(cname.records()));
    return wildcards ? List.of() : cname.records();
  }

  private static void addMx(
      DnsView view,
      String region,
      SortedSet<String> regionsOfName,
      boolean nothingOfItsOwn,
      List<RecordToDo> records) {
    if (view.mx().couldNotAsk()) {
      return;
    }
    MxRecord expected = expectedMx(region, regionsOfName);
    List<MxRecord> there = view.mx().records().stream().sorted().toList();
    if (there.isEmpty() || nothingOfItsOwn || isWildcards(view, there)) {
      records.add(mx(view, expected, State.ADD));
      return;
    }
    Set<String> wanted = new HashSet<>(regionsOfName);
    wanted.add(region);
    List<MxRecord> valid =
        there.stream()
            .filter(record -> record.feedbackRegion().isPresent())
            .sorted(
                Comparator.comparing((MxRecord record) -> !record.host().equals(expected.host()))
                    .thenComparing(
                        record -> record.feedbackRegion().filter(wanted::contains).isEmpty())
                    .thenComparing(record -> record.priority() != expected.priority())
                    .thenComparing(Comparator.naturalOrder()))
            .toList();
    if (!valid.isEmpty()) {
      MxRecord kept = valid.getFirst();
      records.add(mx(view, kept, State.PRESENT));
      for (MxRecord record : there) {
        if (!record.equals(kept)) {
          records.add(mx(view, record, State.REMOVE));
        }
      }
    } else if (there.size() == 1) {
      records.add(mx(view, expected, State.REPLACE));
    } else {
      for (MxRecord record : there) {
        records.add(mx(view, record, State.REMOVE));
      }
      records.add(mx(view, expected, State.ADD));
    }
  }

  /** What a wildcard answers is not at the name, and a record at the name hides it. */
  private static boolean isWildcards(DnsView view, List<MxRecord> there) {
    DnsView.Sibling sibling = view.sibling();
    return sibling != null
        && there.stream().noneMatch(record -> record.feedbackRegion().isPresent())
        && Set.copyOf(sibling.mx().records()).equals(Set.copyOf(there));
  }

  private static RecordToDo mx(DnsView view, MxRecord record, State state) {
    return new RecordToDo(view.name(), "MX", record.priority(), record.host(), TTL_SECONDS, state);
  }

  private static void addSpf(DnsView view, boolean nothingOfItsOwn, List<RecordToDo> records) {
    if (view.txt().couldNotAsk()) {
      return;
    }
    List<String> there = view.txt().records();
    if (there.isEmpty() || nothingOfItsOwn) {
      records.add(txt(view, Spf.RECORD, State.ADD));
      return;
    }
    if (there.size() == 1) {
      String record = there.getFirst();
      records.add(
          switch (view.spf()) {
            case COVERS_SES, UNKNOWN -> txt(view, record, State.PRESENT);
            case MISSING, DUPLICATE, NOT_INCLUDED -> txt(view, Spf.withSes(record), State.REPLACE);
          });
      return;
    }
    int best = 0;
    for (int i = there.size() - 1; i >= 0; i--) {
      if (Spf.includesSesItself(there.get(i))) {
        best = i;
      }
    }
    String kept = there.get(best);
    records.add(
        Spf.includesSesItself(kept)
            ? txt(view, kept, State.PRESENT)
            : txt(view, Spf.withSes(kept), State.REPLACE));
    for (int i = 0; i < there.size(); i++) {
      if (i != best) {
        records.add(txt(view, there.get(i), State.REMOVE));
      }
    }
  }

  private static RecordToDo txt(DnsView view, String value, State state) {
    return new RecordToDo(view.name(), "TXT", null, value, TTL_SECONDS, state);
  }
}
