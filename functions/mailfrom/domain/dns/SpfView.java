package mailfrom.domain.dns;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The SPF of a MAIL FROM domain, as one look judged it.
 *
 * @param txt the TXT records at the name that are SPF records, or nearly
 * @param remarks what is to be known of a record that covers SES
 * @param why the words for what is broken, or for who could not be asked; null when there is
 *     nothing more to say: of what is unknown, that only a receiver can decide it
 * @param silent what could not be asked, so that the verdict is unknown; null where nothing was
 *     silent, or it was the name itself
 * @param proposal a record that covers SES, to be published instead of the one there; null when
 *     nothing is to be replaced
 */
public record SpfView(
    Answer<String> txt,
    SpfVerdict verdict,
    Set<Remark> remarks,
    @Nullable String why,
    @Nullable Question silent,
    @Nullable Proposal proposal) {

  public SpfView {
    remarks = Set.copyOf(remarks);
  }

  /** Something about a record that covers SES. */
  public enum Remark {
    /** By addresses alone: it goes stale when SES gets new ones. */
    FLATTENED,
    /** Everybody may send. */
    ALLOWS_ALL,
    /** More than two look-ups find nothing, which some receivers refuse. */
    VOID_LOOKUPS
  }

  /**
   * What to publish instead.
   *
   * @param instead the index of the record to replace, among those that are there
   * @param record judged to cover SES
   * @param notes what it leaves out and why, and how to enter it, as sentences
   */
  public record Proposal(int instead, String record, List<String> notes) {
    public Proposal {
      notes = List.copyOf(notes);
    }
  }

  /** A look in which nobody could be asked. */
  public static SpfView unavailable(String why) {
    return new SpfView(
        new Answer.CouldNotAsk<>(why), SpfVerdict.UNKNOWN, Set.of(), why, null, null);
  }
}
