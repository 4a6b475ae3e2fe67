package mailfrom.app.store;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import mailfrom.domain.identity.Silence;
import mailfrom.domain.name.DomainName;

/**
 * The stored facts about each Region (its last runs, its baseline, its receipt rules), and the
 * silences, which may hold in all of them.
 */
public interface RegionStore {

  RegionState find(String region);

  /**
   * Changes a Region's row: reads it, applies the change and writes it under a condition, again
   * while somebody else writes in between. Nothing is written when nothing changed.
   *
   * @return what is stored
   * @throws IllegalStateException when others kept writing it
   */
  RegionState change(String region, UnaryOperator<RegionState> change);

  /** Keeps what the enabled receipt rules of a Region receive, in the place of what was kept. */
  void keepReceipts(String region, Receipts receipts);

  /** What the receipt rules of a Region may receive for a domain; empty when not known. */
  Optional<Receipts> receipts(String region, DomainName domain);

  /** Keeps a read run of a Region for two weeks: they are the past that people look at. */
  void keepRun(String region, RegionState.LastRun run);

  /** The read runs of a Region that are kept, of that time and oldest first. */
  List<RegionState.LastRun> runs(String region, Instant from, Instant until);

  /** The silences that are kept: present, future, and for a while the past ones. */
  List<Silence> silences();

  /** Keeps a silence, in the place of one with the same id. */
  void keep(Silence silence);

  /** Forgets a silence; empty when there was none of this id. */
  Optional<Silence> forgetSilence(String id);
}
