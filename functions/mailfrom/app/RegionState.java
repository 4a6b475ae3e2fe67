package mailfrom.app;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import mailfrom.domain.IdentityName;
import org.jspecify.annotations.Nullable;

/**
 * What is kept about one Region.
 *
 * @param baselinedAt when its first complete run was reported; null before
 * @param lastRun its newest read run, complete or not; null before the first
 * @param lastCompleteAt the time of the newest complete run; null before the first
 * @param identities how many were listed in the newest complete run
 * @param readFirst where the next run starts reading, when the last one could not finish
 * @param receiptRecipients recipients of the enabled receipt rules; null when never asked
 * @param receiptRecipientsAt when they were read
 * @param promotingStopped whether a PROMOTE reset a Success here
 * @param promoted whether one PROMOTE was seen to go well here: the first goes alone
 * @param notEnabledTold whether it was told that the account has not enabled this Region
 * @param owed messages about runs that a topic has not taken yet
 * @param rowVersion what a conditional write compares; 0 while it is not stored
 */
public record RegionState(
    String region,
    @Nullable Instant baselinedAt,
    @Nullable LastRun lastRun,
    @Nullable Instant lastCompleteAt,
    int identities,
    @Nullable IdentityName readFirst,
    @Nullable List<String> receiptRecipients,
    @Nullable Instant receiptRecipientsAt,
    boolean promotingStopped,
    boolean promoted,
    boolean notEnabledTold,
    List<RunNotice> owed,
    long rowVersion) {

  public RegionState {
    receiptRecipients = receiptRecipients == null ? null : List.copyOf(receiptRecipients);
    owed = List.copyOf(owed);
  }

  public static RegionState unseen(String region) {
    return new RegionState(
        region, null, null, null, 0, null, null, null, false, false, false, List.of(), 0);
  }

  public RegionState withRowVersion(long version) {
    return new RegionState(
        region,
        baselinedAt,
        lastRun,
        lastCompleteAt,
        identities,
        readFirst,
        receiptRecipients,
        receiptRecipientsAt,
        promotingStopped,
        promoted,
        notEnabledTold,
        owed,
        version);
  }

  /** The newest read run of a Region. */
  public record LastRun(
      Instant at, Duration took, int listed, int read, int couldNotAsk, boolean complete) {}
}
