package mailfrom.app.settings;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import mailfrom.app.fleet.FleetCounts;
import mailfrom.app.fleet.FleetPlace;
import mailfrom.app.pace.Tasks;
import mailfrom.app.settings.SettingsApi.Candidate;
import mailfrom.app.settings.SettingsApi.FleetPage;
import mailfrom.app.settings.SettingsApi.FleetQuery;
import mailfrom.app.settings.SettingsApi.IdentityView;
import mailfrom.app.settings.SettingsApi.RegionSummary;
import mailfrom.app.settings.SettingsApi.Role;
import mailfrom.app.settings.SettingsApi.Sender;
import mailfrom.app.settings.SettingsApi.Summary;
import mailfrom.app.store.IdentityStore;
import mailfrom.app.store.RegionState;
import mailfrom.app.store.RegionStore;
import mailfrom.domain.desired.HealPolicy;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.name.IdentityKey;
import mailfrom.domain.name.IdentityName;

/**
 * The fleet as the last runs stored it: listed worst first, counted, and looked into. Reads the
 * table alone.
 */
public final class Fleet {
  static final int REGIONS_AT_ONCE = 10;

  /** A page looks at so many identities, which takes about two seconds; its cursor goes on. */
  private static final int MOST_LOOKED_AT = 20_000;

  private final IdentityStore identities;
  private final RegionStore regions;
  private final List<String> watched;
  private final IdentityViews views;
  private final int mostLookedAt;

  Fleet(IdentityStore identities, RegionStore regions, List<String> watched, IdentityViews views) {
    this(identities, regions, watched, views, MOST_LOOKED_AT);
  }

  private Fleet(
      IdentityStore identities,
      RegionStore regions,
      List<String> watched,
      IdentityViews views,
      int mostLookedAt) {
    this.identities = identities;
    this.regions = regions;
    this.watched = watched;
    this.views = views;
    this.mostLookedAt = mostLookedAt;
  }

  /** The same, whose pages look at so many identities. */
  public Fleet lookingAt(int most) {
    return new Fleet(identities, regions, watched, views, most);
  }

  /** One for who reads the table alone. */
  public Fleet(
      IdentityStore identities,
      RegionStore regions,
      List<String> watched,
      HealPolicy policy,
      boolean paused) {
    this(identities, regions, watched, new IdentityViews(regions, policy, () -> paused));
  }

  /** An identity that a run has read; empty when there is none. */
  public Optional<IdentityView> find(IdentityKey key, Instant now) {
    return identities
        .find(key)
        .filter(state -> state.wasSeen() && !state.isGone())
        .map(state -> views.of(state, now));
  }

  /** Which identity wins for a From address, as of the last run. */
  public Sender sender(IdentityKey address, Instant now) {
    IdentityView winner = null;
    List<Candidate> candidates = new ArrayList<>();
    Optional<IdentityName> next = Optional.of(address.name());
    while (next.isPresent()) {
      IdentityKey key = new IdentityKey(address.account(), address.region(), next.get());
      IdentityState state = identities.find(key).orElseGet(() -> IdentityState.unseen(key));
      Role role =
          !state.wasSeen()
              ? Role.UNKNOWN
              : !state.sesView().isVerified()
                  ? Role.NOT_VERIFIED
                  : winner == null ? Role.WINS : Role.LESS_GRANULAR;
      if (role == Role.WINS) {
        winner = views.of(state, now);
      }
      candidates.add(new Candidate(next.get(), role));
      next = next.get().parent();
    }
    return new Sender(address, winner, List.copyOf(candidates));
  }

  /** A page of the fleet, worst first. */
  public FleetPage list(FleetQuery query, Instant now) {
    Map<String, RegionState> states = new LinkedHashMap<>();
    regionStates(query.filter()::includes).forEach(one -> states.put(one.region(), one));
    String after = query.cursor() == null ? "" : decode(query.cursor());
    FleetList list =
        new FleetList(
            identities,
            states.values(),
            query.filter(),
            views.holding(now),
            after,
            query.limit() + 1,
            mostLookedAt);
    List<FleetList.Found> found = list.find();
    List<FleetList.Found> page = found.subList(0, Math.min(query.limit(), found.size()));
    boolean hasMore = page.size() < found.size();
    Optional<FleetPlace> cutAt = hasMore ? Optional.empty() : list.cutAt();
    return new FleetPage(
        page.stream()
            .map(
                one ->
                    views.of(
                        one.row().state(),
                        states.getOrDefault(
                            one.place().key().region(),
                            RegionState.unseen(one.place().key().region())),
                        one.row().silencedBy(),
                        now))
            .toList(),
        (hasMore ? Optional.of(page.getLast().place()) : cutAt)
            .map(place -> encode(place.cursor()))
            .orElse(null),
        cutAt.isPresent() ? list.lookedAt() : null);
  }

  private List<RegionState> regionStates(Predicate<String> which) {
    return Tasks.sideBySide(
        REGIONS_AT_ONCE, watched.stream().filter(which).toList(), regions::find);
  }

  private static String encode(String key) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(key.getBytes(StandardCharsets.UTF_8));
  }

  /** A cursor that we did not make shows the first page. */
  private static String decode(String cursor) {
    try {
      return new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return "";
    }
  }

  /** The fleet in numbers, as of the last runs. */
  public Summary summary(Instant now) {
    List<RegionState> states = regionStates(region -> true);
    return new Summary(
        Tasks.sideBySide(
            REGIONS_AT_ONCE, states, state -> new RegionSummary(state, counts(state, now))),
        states.stream().anyMatch(state -> state.told().alertsReachNobody()),
        states.stream().anyMatch(state -> state.told().operationsReachNobody()));
  }

  /** What no run has counted yet is counted now. */
  private FleetCounts counts(RegionState state, Instant now) {
    FleetCounts counts = state.reading().counts();
    if (counts != null) {
      return counts;
    }
    try (var rows = identities.ofRegion(state.region())) {
      return FleetCounts.of(rows, now);
    }
  }
}
