package mailfrom.app.settings;

import java.time.Instant;
import java.util.function.Function;
import java.util.function.Supplier;
import mailfrom.app.pace.MachineClock;
import mailfrom.app.pace.RequestDeadline;
import mailfrom.app.store.IdentityStore;
import mailfrom.app.store.RegionStore;
import mailfrom.domain.desired.Desired;
import mailfrom.domain.identity.Caller;
import mailfrom.domain.name.IdentityKey;
import org.jspecify.annotations.Nullable;

/**
 * The requests to the API, each with a service of its own: what several steps need of a Region is
 * read once, and the deadline reaches all that is called on the way.
 */
public final class SettingsRequests implements SettingsApi {
  private final MachineClock clock;
  private final Supplier<SettingsApi> service;

  /**
   * Makes it.
   *
   * @param service makes the service for one request around what it sees of the Regions
   */
  public SettingsRequests(
      MachineClock clock, RegionStore regions, Function<RegionStore, SettingsApi> service) {
    this.clock = clock;
    this.service = () -> service.apply(new RegionsOfRequest(regions));
  }

  private <T> T during(Caller caller, Function<SettingsApi, T> work) {
    return RequestDeadline.during(
        SettingsService.deadline(clock, caller), () -> work.apply(service.get()));
  }

  @Override
  public Outcome put(
      IdentityKey key, Desired desired, @Nullable String ifMatch, boolean dryRun, Caller caller) {
    return during(caller, settings -> settings.put(key, desired, ifMatch, dryRun, caller));
  }

  @Override
  public Outcome stopManaging(IdentityKey key, @Nullable String ifMatch, Caller caller) {
    return during(caller, settings -> settings.stopManaging(key, ifMatch, caller));
  }

  @Override
  public Outcome get(IdentityKey key, Caller caller) {
    return during(caller, settings -> settings.get(key, caller));
  }

  @Override
  public Outcome check(IdentityKey key, Caller caller) {
    return during(caller, settings -> settings.check(key, caller));
  }

  @Override
  public Released release(String region, Caller caller) {
    return during(caller, settings -> settings.release(region, caller));
  }

  @Override
  public IdentityStore.HistoryPage history(
      IdentityKey key, int limit, @Nullable String cursor, Instant now) {
    return service.get().history(key, limit, cursor, now);
  }

  @Override
  public FleetPage list(FleetQuery query, Instant now) {
    return service.get().list(query, now);
  }

  @Override
  public Summary summary(Instant now) {
    return service.get().summary(now);
  }

  @Override
  public Sender sender(IdentityKey address, Instant now) {
    return service.get().sender(address, now);
  }
}
