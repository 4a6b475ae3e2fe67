package mailfrom.domain;

import java.util.List;
import java.util.SortedSet;

/** The records that a MAIL FROM domain needs, and what is still to be done about each. */
public final class RecordsToDo {
  private RecordsToDo() {}

  public static List<RecordToDo> of(DnsView view, String region, SortedSet<String> regionsOfName) {
    return List.of();
  }
}
