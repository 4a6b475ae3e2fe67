package mailfrom.app.store;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import mailfrom.domain.incident.RunNotice;
import mailfrom.domain.name.IdentityName;
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
 * @param blindSince since when runs could not ask too often; null while they can
 * @param heldSince since when the brake holds repairs back; null while it does not
 * @param releasedAt when somebody released the brake last
 * @param missing what is missing from the list, too much to be taken as deleted; null: nothing is
 * @param alertsReachNobody whether the topic for people had no confirmed subscription
 * @param weekTold the week of the newest weekly report, which one Region keeps; null before
 * @param silencesOver the ids of the kept silences whose end was told here, or had nothing to tell
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
    @Nullable Instant blindSince,
    @Nullable Instant heldSince,
    @Nullable Instant releasedAt,
    @Nullable Missing missing,
    boolean alertsReachNobody,
    @Nullable String weekTold,
    List<String> silencesOver,
    List<RunNotice> owed,
    long rowVersion) {

  public RegionState {
    receiptRecipients = receiptRecipients == null ? null : List.copyOf(receiptRecipients);
    // A row that was written before there was such a list has none.
    silencesOver = silencesOver == null ? List.of() : List.copyOf(silencesOver);
    owed = List.copyOf(owed);
  }

  public static RegionState unseen(String region) {
    return new Builder(region).build();
  }

  /** The newest read run of a Region. */
  public record LastRun(
      Instant at, Duration took, int listed, int read, int couldNotAsk, boolean complete) {}

  /**
   * More than five in a hundred that were missing from the list at once.
   *
   * @param count how many the newest run missed
   * @param releasedAt when somebody said that they were deleted; null: nobody has
   */
  public record Missing(Instant since, int count, @Nullable Instant releasedAt) {}

  /**
   * Since when something is held back for somebody to look at: repairs, or deletions; null: nothing
   * is.
   */
  public @Nullable Instant holdsSince() {
    if (heldSince != null) {
      return heldSince;
    }
    return missing != null && missing.releasedAt() == null ? missing.since() : null;
  }

  /** Lets go what is held back. */
  public RegionState released(Instant at) {
    Builder next = toBuilder();
    if (heldSince != null) {
      next.heldSince(null).releasedAt(at);
    }
    if (missing != null && missing.releasedAt() == null) {
      next.missing(new Missing(missing.since(), missing.count(), at));
    }
    return next.build();
  }

  public RegionState withRowVersion(long version) {
    Builder builder = toBuilder();
    builder.rowVersion = version;
    return builder.build();
  }

  public Builder toBuilder() {
    Builder builder = new Builder(region);
    builder.baselinedAt = baselinedAt;
    builder.lastRun = lastRun;
    builder.lastCompleteAt = lastCompleteAt;
    builder.identities = identities;
    builder.readFirst = readFirst;
    builder.receiptRecipients = receiptRecipients;
    builder.receiptRecipientsAt = receiptRecipientsAt;
    builder.promotingStopped = promotingStopped;
    builder.promoted = promoted;
    builder.notEnabledTold = notEnabledTold;
    builder.blindSince = blindSince;
    builder.heldSince = heldSince;
    builder.releasedAt = releasedAt;
    builder.missing = missing;
    builder.alertsReachNobody = alertsReachNobody;
    builder.weekTold = weekTold;
    builder.silencesOver = silencesOver;
    builder.owed = owed;
    builder.rowVersion = rowVersion;
    return builder;
  }

  /** The same Region's next state, part by part. */
  public static final class Builder {
    private final String region;
    private @Nullable Instant baselinedAt;
    private @Nullable LastRun lastRun;
    private @Nullable Instant lastCompleteAt;
    private int identities;
    private @Nullable IdentityName readFirst;
    private @Nullable List<String> receiptRecipients;
    private @Nullable Instant receiptRecipientsAt;
    private boolean promotingStopped;
    private boolean promoted;
    private boolean notEnabledTold;
    private @Nullable Instant blindSince;
    private @Nullable Instant heldSince;
    private @Nullable Instant releasedAt;
    private @Nullable Missing missing;
    private boolean alertsReachNobody;
    private @Nullable String weekTold;
    private List<String> silencesOver = List.of();
    private List<RunNotice> owed = List.of();
    private long rowVersion;

    private Builder(String region) {
      this.region = region;
    }

    public Builder baselinedAt(@Nullable Instant value) {
      baselinedAt = value;
      return this;
    }

    public Builder lastRun(@Nullable LastRun value) {
      lastRun = value;
      return this;
    }

    public Builder lastCompleteAt(@Nullable Instant value) {
      lastCompleteAt = value;
      return this;
    }

    public Builder identities(int value) {
      identities = value;
      return this;
    }

    public Builder readFirst(@Nullable IdentityName value) {
      readFirst = value;
      return this;
    }

    public Builder receiptRecipients(@Nullable List<String> value) {
      receiptRecipients = value;
      return this;
    }

    public Builder receiptRecipientsAt(@Nullable Instant value) {
      receiptRecipientsAt = value;
      return this;
    }

    public Builder promotingStopped(boolean value) {
      promotingStopped = value;
      return this;
    }

    public Builder promoted(boolean value) {
      promoted = value;
      return this;
    }

    public Builder notEnabledTold(boolean value) {
      notEnabledTold = value;
      return this;
    }

    public Builder blindSince(@Nullable Instant value) {
      blindSince = value;
      return this;
    }

    public Builder heldSince(@Nullable Instant value) {
      heldSince = value;
      return this;
    }

    public Builder releasedAt(@Nullable Instant value) {
      releasedAt = value;
      return this;
    }

    public Builder missing(@Nullable Missing value) {
      missing = value;
      return this;
    }

    public Builder alertsReachNobody(boolean value) {
      alertsReachNobody = value;
      return this;
    }

    public Builder weekTold(@Nullable String value) {
      weekTold = value;
      return this;
    }

    public Builder silencesOver(List<String> value) {
      silencesOver = value;
      return this;
    }

    public Builder owed(List<RunNotice> value) {
      owed = value;
      return this;
    }

    public Builder owing(RunNotice notice) {
      List<RunNotice> more = new ArrayList<>(owed);
      more.removeIf(known -> known.id().equals(notice.id()));
      more.add(notice);
      owed = more;
      return this;
    }

    public RegionState build() {
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
          blindSince,
          heldSince,
          releasedAt,
          missing,
          alertsReachNobody,
          weekTold,
          silencesOver,
          owed,
          rowVersion);
    }
  }
}
