package mailfrom.domain.incident;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import mailfrom.domain.name.IdentityKey;
import org.jspecify.annotations.Nullable;

/**
 * From an identity's first trouble to its end: what was told of it, which is not what is so now.
 *
 * @param id a hash of the key and the start
 * @param told the trouble that was told last; null while nothing was, or what was told is over
 * @param heldAs the trouble of which telling was held back last; null when it was not
 * @param reasons what was told, in order, owed ones included
 * @param lastToldAt when the last notice was decided, then when it was delivered
 * @param seenSince since when the trouble is seen without a break; null while it is not seen
 * @param quietSince since when the trouble is not seen; null while it is
 */
public record Incident(
    String id,
    Instant startedAt,
    Trouble trouble,
    @Nullable Trouble told,
    @Nullable Trouble heldAs,
    List<Reason> reasons,
    Instant lastToldAt,
    @Nullable Instant seenSince,
    @Nullable Instant quietSince) {

  public Incident {
    reasons = List.copyOf(reasons);
  }

  /** One that begins now, of which nothing was told yet. */
  static Incident opened(IdentityKey key, Trouble trouble, Instant now) {
    return new Incident(
        Notice.hash(key + "|" + now), now, trouble, null, null, List.of(), now, now, null);
  }

  public int count(Reason reason) {
    return Collections.frequency(reasons, reason);
  }

  /** Whether anybody was told that it began, so that its end is worth telling. */
  public boolean wasTold() {
    return !reasons.isEmpty();
  }

  /** Whether its trouble is not seen just now, and it is not over yet. */
  public boolean isRecovering() {
    return quietSince != null;
  }

  /** What a notice keeps of it. */
  Notice.About about() {
    return new Notice.About(id, startedAt, trouble, quietSince);
  }

  /** What its reader knows, or would know if nothing held messages back. */
  @Nullable Trouble known() {
    return told == null ? heldAs : told;
  }

  /** Its trouble is seen, as it is now. */
  Incident seen(Trouble as, Instant now) {
    return new Incident(
        id,
        startedAt,
        as,
        told,
        heldAs,
        reasons,
        lastToldAt,
        seenSince == null ? now : seenSince,
        null);
  }

  /** Its trouble is not seen, since then. */
  Incident quietSince(Instant since) {
    return new Incident(id, startedAt, trouble, told, heldAs, reasons, lastToldAt, null, since);
  }

  /** What was told is not so any more: what comes now is told as if it were the first. */
  Incident untold() {
    return new Incident(
        id, startedAt, trouble, null, null, reasons, lastToldAt, seenSince, quietSince);
  }

  /** It would have been told as it is now, and something held that back. */
  Incident heldBack() {
    return new Incident(
        id, startedAt, trouble, told, trouble, reasons, lastToldAt, seenSince, quietSince);
  }

  /** Something is told of it: that it is in this trouble, or null: in none that is told. */
  Incident told(Reason reason, @Nullable Trouble as, Instant at) {
    List<Reason> more = new ArrayList<>(reasons);
    more.add(reason);
    return new Incident(id, startedAt, trouble, as, null, more, at, seenSince, quietSince);
  }

  /** A first report that is still to come tells of it: that counts as told once. */
  Incident inBaseline() {
    return new Incident(
        id,
        startedAt,
        trouble,
        trouble,
        null,
        List.of(Reason.BASELINE),
        lastToldAt,
        seenSince,
        quietSince);
  }

  /** A notice of it was delivered just now. */
  Incident deliveredAt(Instant at) {
    return new Incident(id, startedAt, trouble, told, heldAs, reasons, at, seenSince, quietSince);
  }
}
