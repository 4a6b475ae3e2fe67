package mailfrom.app.batch;

import java.util.List;
import java.util.Map;
import mailfrom.domain.desired.Desired;
import mailfrom.domain.desired.Problem;
import mailfrom.domain.name.IdentityKey;
import org.jspecify.annotations.Nullable;

/**
 * One item of a batch: what is asked for one identity, and what came of it.
 *
 * @param index its place in the request, from 0
 * @param desired null: what is live is adopted as desired
 * @param labels of what is adopted; null: those that it has
 * @param twinOf the earlier item that asks the same for the same identity: it works for both; null
 *     when there is none
 * @param broken what makes it INVALID
 * @param lastError why it was refused or cancelled, or what it waits for
 * @param over the version of the identity's wanted settings that it replaces, noted before it does
 *     so; null until it is handed over
 * @param recorded whether the identity's row is known to have its settings
 * @param parked whether it waits for DNS or verification, and not for its turn
 */
public record BatchItem(
    int index,
    IdentityKey key,
    @Nullable Desired desired,
    @Nullable Map<String, String> labels,
    State state,
    @Nullable Integer twinOf,
    List<Problem> broken,
    @Nullable String lastError,
    @Nullable Long over,
    boolean recorded,
    boolean parked) {

  public BatchItem {
    broken = List.copyOf(broken);
  }

  /** How far an item is. */
  public enum State {
    CHECKING,
    /** To be handed to SES, or handed over and not applied yet. */
    WAITING,
    APPLIED,
    /** It was already as wanted: no call was made. */
    UNCHANGED,
    /** In a dry run: no rule is broken. */
    VALID,
    INVALID,
    REFUSED,
    CANCELLED;

    public boolean isEnd() {
      return this != CHECKING && this != WAITING;
    }
  }

  /** Why an item is INVALID, where no rule is broken. */
  public enum Invalid implements Problem.Code {
    CONFLICTING_ITEMS,
    NOT_MANAGED,
    UNKNOWN_IDENTITY
  }

  /** An item as it comes in. */
  public static BatchItem unchecked(int index, BatchApi.Ask ask) {
    return new BatchItem(
        index,
        ask.key(),
        ask.desired(),
        ask.labels(),
        State.CHECKING,
        null,
        List.of(),
        null,
        null,
        false,
        false);
  }

  BatchItem asTwinOf(int first) {
    return new BatchItem(
        index, key, desired, labels, state, first, broken, lastError, over, recorded, parked);
  }

  BatchItem with(State newState, @Nullable String error) {
    return new BatchItem(
        index, key, desired, labels, newState, twinOf, broken, error, over, recorded, false);
  }

  BatchItem invalid(List<Problem> why) {
    return new BatchItem(
        index, key, desired, labels, State.INVALID, twinOf, why, null, over, recorded, false);
  }

  /** What came of its twin came of it. */
  BatchItem like(BatchItem twin) {
    return new BatchItem(
        index,
        key,
        desired,
        labels,
        twin.state,
        twinOf,
        twin.broken,
        twin.lastError,
        null,
        false,
        false);
  }

  /** About to be recorded over a version of the identity's wanted settings. */
  BatchItem handedOver(long version) {
    return new BatchItem(
        index, key, desired, labels, state, twinOf, broken, lastError, version, false, false);
  }

  BatchItem withRecorded() {
    return new BatchItem(
        index, key, desired, labels, state, twinOf, broken, lastError, over, true, parked);
  }

  BatchItem parked(boolean isParked, @Nullable String error) {
    return new BatchItem(
        index, key, desired, labels, state, twinOf, broken, error, over, true, isParked);
  }

  /** Whether its settings were handed over and its result is not known yet. */
  boolean isOut() {
    return state == State.WAITING && over != null && twinOf == null;
  }

  /** Whether nothing was handed over for it yet. */
  boolean isUnsent() {
    return !state.isEnd() && over == null && twinOf == null;
  }
}
