package mailfrom.domain.dns;

import java.util.List;

/** What asking the DNS for one type of record gave. "None" and "could not ask" never mix. */
public sealed interface Answer<T> {

  /**
   * There are records.
   *
   * @param records never empty
   */
  record Found<T>(List<T> records) implements Answer<T> {
    public Found {
      records = List.copyOf(records);
    }
  }

  /**
   * There are none.
   *
   * @param nameExists whether the name has other records (NODATA), or does not exist (NXDOMAIN)
   */
  record None<T>(boolean nameExists) implements Answer<T> {}

  /** Timeout, SERVFAIL, REFUSED or the like: says nothing about the records. */
  record CouldNotAsk<T>(String why) implements Answer<T> {}

  /** The records; none when there are none or nobody could be asked. */
  default List<T> records() {
    return switch (this) {
      case Found<T>(List<T> records) -> records;
      case None<T> none -> List.of();
      case CouldNotAsk<T> couldNotAsk -> List.of();
    };
  }

  default boolean couldNotAsk() {
    return this instanceof CouldNotAsk<T>;
  }
}
