package mailfrom.app.read;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import mailfrom.app.pace.SesOperation;
import mailfrom.app.read.RegionReader.Listing;
import mailfrom.domain.name.IdentityName;
import org.jspecify.annotations.Nullable;

/** Lists the identities of a Region page by page, and hands them on as they come. */
final class IdentityLister {
  /** How often a list may send us back to a page that was read: more is a list without an end. */
  private static final int PAGES_AGAIN = 3;

  private final Ses ses;
  private final RegionCalls calls;
  private final String region;
  private final LoadedIdentities rows;
  private final Consumer<IdentityName> sink;

  /**
   * Makes one for a run.
   *
   * @param sink takes each name once, in the order of the listing
   */
  IdentityLister(
      Ses ses,
      RegionCalls calls,
      String region,
      LoadedIdentities rows,
      Consumer<IdentityName> sink) {
    this.ses = ses;
    this.calls = calls;
    this.region = region;
    this.rows = rows;
    this.sink = sink;
  }

  /**
   * Lists them. When SES cannot, those that are stored stand for them, unless nobody can be asked.
   *
   * @param readFirst whom the last run could not read: who comes first; null: the first of the list
   */
  Listing list(@Nullable IdentityName readFirst) {
    Set<IdentityName> listed = new HashSet<>();
    Set<String> cannotWatch = new TreeSet<>();
    List<IdentityName> inOrder = new ArrayList<>();
    List<IdentityName> wereRead = new ArrayList<>();
    boolean isTheirTurn = readFirst == null;
    Set<String> tokens = new HashSet<>();
    int again = 0;
    boolean complete;
    String token = null;
    do {
      String page = token;
      boolean isEndless = page != null && !tokens.add(page) && ++again > PAGES_AGAIN;
      Optional<Ses.Page> answer =
          isEndless
              ? Optional.empty()
              : calls.asked(SesOperation.LIST_IDENTITIES, slot -> ses.list(slot, region, page));
      complete = answer.isPresent();
      answer.map(Ses.Page::cannotWatch).ifPresent(cannotWatch::addAll);
      for (IdentityName name : answer.map(Ses.Page::names).orElseGet(this::storedNames)) {
        isTheirTurn |= name.equals(readFirst);
        if (listed.add(name)) {
          (isTheirTurn ? inOrder : wereRead).add(name);
          if (isTheirTurn) {
            sink.accept(name);
          }
        }
      }
      token = answer.map(Ses.Page::nextToken).orElse(null);
    } while (token != null);
    wereRead.forEach(sink);
    inOrder.addAll(wereRead);
    return new Listing(inOrder, complete, cannotWatch);
  }

  private List<IdentityName> storedNames() {
    return calls.unreachable().isPresent()
        ? List.of()
        : rows.all().stream()
            .filter(state -> !state.isGone())
            .map(state -> state.key().name())
            .sorted()
            .toList();
  }
}
