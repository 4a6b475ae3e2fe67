package mailfrom.api;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import mailfrom.app.fleet.FleetCounts;
import mailfrom.app.settings.SettingsApi;
import mailfrom.app.store.IdentityStore;
import mailfrom.app.store.RegionState;
import mailfrom.domain.desired.Desired;
import mailfrom.domain.identity.Caller;
import mailfrom.domain.name.IdentityKey;
import org.jspecify.annotations.Nullable;

/** A use case that notes what it was asked and answers what it was told to. */
final class FakeSettingsApi implements SettingsApi {

  /** A call that came through the door. */
  record Made(
      String call,
      @Nullable IdentityKey key,
      @Nullable Desired desired,
      @Nullable String ifMatch,
      boolean dryRun,
      @Nullable Caller caller) {}

  final List<Made> made = new ArrayList<>();
  final List<FleetQuery> queries = new ArrayList<>();
  final List<@Nullable String> historyCursors = new ArrayList<>();
  @Nullable Outcome outcome;
  @Nullable RuntimeException failure;
  FleetPage page = new FleetPage(List.of(), null);
  IdentityStore.HistoryPage history = new IdentityStore.HistoryPage(List.of(), null);
  @Nullable Instant heldSince;
  Summary summary =
      new Summary(
          List.of(
              new RegionSummary(
                  RegionState.unseen("us-east-1"),
                  FleetCounts.of(Stream.empty(), Instant.parse("2026-11-24T09:45:00Z")))),
          false,
          false);

  @Override
  public Outcome put(
      IdentityKey key, Desired desired, @Nullable String ifMatch, boolean dryRun, Caller caller) {
    return answer(new Made("put", key, desired, ifMatch, dryRun, caller), true);
  }

  @Override
  public Outcome stopManaging(IdentityKey key, @Nullable String ifMatch, Caller caller) {
    return answer(new Made("stopManaging", key, null, ifMatch, false, caller), true);
  }

  @Override
  public Outcome get(IdentityKey key, Caller caller) {
    return answer(new Made("get", key, null, null, false, caller), null);
  }

  @Override
  public Outcome check(IdentityKey key, Caller caller) {
    return answer(new Made("check", key, null, null, false, caller), null);
  }

  @Override
  public IdentityStore.HistoryPage history(
      IdentityKey key, int limit, @Nullable String cursor, Instant now) {
    note(new Made("history", key, null, null, false, null));
    historyCursors.add(cursor);
    return history;
  }

  @Override
  public FleetPage list(FleetQuery query, Instant now) {
    note(new Made("list", null, null, null, false, null));
    queries.add(query);
    return query.limit() < page.items().size()
        ? new FleetPage(page.items().subList(0, query.limit()), "after " + query.limit())
        : page;
  }

  @Override
  public Sender sender(IdentityKey address, Instant now) {
    note(new Made("sender", address, null, null, false, null));
    return new Sender(
        address,
        Samples.fallback(),
        List.of(
            new Candidate(address.name(), Role.UNKNOWN),
            new Candidate(Samples.fallback().state().key().name(), Role.WINS)));
  }

  @Override
  public Released release(String region, Caller caller) {
    note(new Made("release " + region, null, null, null, false, caller));
    return new Released(region, heldSince);
  }

  @Override
  public Summary summary(Instant now) {
    note(new Made("summary", null, null, null, false, null));
    return summary;
  }

  private Outcome answer(Made call, @Nullable Boolean changed) {
    note(call);
    IdentityKey key = call.key();
    if (outcome != null || key == null) {
      return Objects.requireNonNull(outcome);
    }
    return new Outcome.Shown(Samples.neverAsked(key), false, changed, List.of());
  }

  private void note(Made call) {
    made.add(call);
    if (failure != null) {
      throw failure;
    }
  }
}
