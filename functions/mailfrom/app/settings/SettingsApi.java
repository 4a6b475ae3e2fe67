package mailfrom.app.settings;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import mailfrom.app.fleet.FleetCounts;
import mailfrom.app.fleet.FleetFilter;
import mailfrom.app.store.IdentityStore;
import mailfrom.app.store.RegionState;
import mailfrom.domain.desired.Desired;
import mailfrom.domain.desired.Plan;
import mailfrom.domain.desired.Problem;
import mailfrom.domain.desired.Violation;
import mailfrom.domain.identity.Caller;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.identity.Silence;
import mailfrom.domain.name.IdentityKey;
import mailfrom.domain.name.IdentityName;
import org.jspecify.annotations.Nullable;

/** What the settings function does for its callers: one method a call of the HTTP API. */
public interface SettingsApi {

  /**
   * Checks desired settings, records them, and applies them when a slot is free in time.
   *
   * @param ifMatch the ETag that must still be the stored one ({@link ETags}); null: any
   * @param dryRun checks and plans only
   */
  Outcome put(
      IdentityKey key, Desired desired, @Nullable String ifMatch, boolean dryRun, Caller caller);

  /** Forgets what was desired, and leaves SES as it is. */
  Outcome stopManaging(IdentityKey key, @Nullable String ifMatch, Caller caller);

  Outcome get(IdentityKey key, Caller caller);

  /** Reads SES and the zone's own name servers now, restarts what may be, and answers like get. */
  Outcome check(IdentityKey key, Caller caller);

  /** A page of history, newest first. */
  IdentityStore.HistoryPage history(
      IdentityKey key, int limit, @Nullable String cursor, Instant now);

  /**
   * A page of the fleet, worst first: by severity, effect, the newest, Region, identity; what
   * recovers comes last of what is in trouble.
   */
  FleetPage list(FleetQuery query, Instant now);

  Summary summary(Instant now);

  /** Which identity wins for a From address, as of the last run. */
  Sender sender(IdentityKey address, Instant now);

  /** Lets the repairs go that the brake holds back in a Region. */
  Released release(String region, Caller caller);

  /**
   * Who speaks for a From address.
   *
   * @param winner the most granular verified identity; null: SES refuses mail from the address
   * @param candidates from the most granular one
   */
  record Sender(IdentityKey address, @Nullable IdentityView winner, List<Candidate> candidates) {}

  /** An identity that may speak for a From address. */
  record Candidate(IdentityName name, Role role) {}

  /** What an identity is to a From address. */
  enum Role {
    /** The most granular verified one: its settings count. */
    WINS,
    /** Verified, but a more granular one is too. */
    LESS_GRANULAR,
    NOT_VERIFIED,
    /** SES has no such identity. */
    UNKNOWN
  }

  /**
   * What a release found.
   *
   * @param heldSince since when repairs were held back, or deletions were not believed; null:
   *     neither
   */
  record Released(String region, @Nullable Instant heldSince) {}

  /** What a call about one identity gave. */
  sealed interface Outcome {

    /**
     * The identity as it is now.
     *
     * @param accepted whether the settings are recorded and not applied yet (202)
     * @param changed whether a write changed anything; null for reads
     */
    record Shown(
        IdentityView view, boolean accepted, @Nullable Boolean changed, List<Problem> warnings)
        implements Outcome {}

    /** Rules are broken: nothing was recorded. */
    record RulesBroken(List<Violation> violations, List<Problem> warnings) implements Outcome {}

    /** SES refused, in its own words; recorded as REFUSED. */
    record RefusedBySes(String words) implements Outcome {}

    /** SES does not know the identity. */
    record UnknownIdentity() implements Outcome {}

    /** The identity is not among the managed ones. */
    record NotManaged() implements Outcome {}

    record PreconditionFailed() implements Outcome {}

    /**
     * SES could not be asked.
     *
     * @param retryAfter when to come back
     */
    record CouldNotAskSes(Duration retryAfter) implements Outcome {}

    /**
     * What was asked for is recorded, and something failed after that: the answer stands all the
     * same.
     *
     * @param answer what is known of it
     * @param why for the log
     */
    record CutShort(Outcome answer, RuntimeException why) implements Outcome {}
  }

  /**
   * An identity as callers see it.
   *
   * @param asOf when SES was read last for it
   * @param plan what is to be done; shown, not executed, when the identity is not managed
   * @param waitingFor what its wanted settings wait for, as a sentence; null: for nothing
   * @param silencedBy the silences that hold back what would be told of it now
   */
  record IdentityView(
      IdentityState state,
      Instant asOf,
      Plan plan,
      @Nullable String waitingFor,
      List<Silence> silencedBy,
      Telling telling) {
    public IdentityView {
      silencedBy = List.copyOf(silencedBy);
    }
  }

  /** A page that is asked for. */
  record FleetQuery(FleetFilter filter, int limit, @Nullable String cursor) {

    /** The same question, a shorter page. */
    public FleetQuery atMost(int fewer) {
      return new FleetQuery(filter, fewer, cursor);
    }
  }

  /**
   * A page of the fleet.
   *
   * @param nextCursor where the list goes on; null: it ends here
   * @param cutAfter how many identities were looked at, when the page ends for that; null: it is as
   *     long as was asked for, or the last one
   */
  record FleetPage(
      List<IdentityView> items, @Nullable String nextCursor, @Nullable Integer cutAfter) {

    public FleetPage(List<IdentityView> items, @Nullable String nextCursor) {
      this(items, nextCursor, null);
    }
  }

  /** The fleet in numbers. */
  record Summary(
      List<RegionSummary> regions, boolean alertsReachNobody, boolean operationsReachNobody) {

    /** All Regions together, as of the oldest of their counts. */
    public FleetCounts counts() {
      return FleetCounts.sum(regions.stream().map(RegionSummary::counts).toList());
    }
  }

  /** A Region in numbers. */
  record RegionSummary(RegionState region, FleetCounts counts) {}
}
