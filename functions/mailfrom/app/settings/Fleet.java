package mailfrom.app.settings;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
import mailfrom.domain.effect.Effect;
import mailfrom.domain.effect.Phase;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.identity.Silence;
import mailfrom.domain.name.IdentityKey;
import mailfrom.domain.name.IdentityName;

/**
 * The fleet as the last runs stored it: listed worst first, counted, and looked into. Reads the
 * table alone.
 */
public final class Fleet {
  private final IdentityStore identities;
  private final RegionStore regions;
  private final List<String> watched;
  private final IdentityViews views;

  Fleet(IdentityStore identities, RegionStore regions, List<String> watched, IdentityViews views) {
    this.identities = identities;
    this.regions = regions;
    this.watched = watched;
    this.views = views;
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
    List<Silence> silences = views.holding(now);
    List<FleetRow> found = new ArrayList<>();
    for (String region : watched) {
      if (query.filter().includes(region)) {
        try (var rows = identities.ofRegion(region)) {
          rows.filter(row -> row.wasSeen() && !row.isGone())
              .map(row -> FleetRow.of(row, silences))
              .filter(query.filter()::matches)
              .forEach(found::add);
        }
      }
    }
    found.sort(Comparator.comparing(row -> sortKey(row.state())));
    Map<String, RegionState> ofRegion = new HashMap<>();
    List<IdentityView> page = new ArrayList<>();
    String after = query.cursor() == null ? "" : decode(query.cursor());
    String last = "";
    for (FleetRow row : found) {
      String key = sortKey(row.state());
      if (key.compareTo(after) > 0) {
        if (page.size() == query.limit()) {
          return new FleetPage(page, encode(last));
        }
        RegionState region = ofRegion.computeIfAbsent(row.state().key().region(), regions::find);
        page.add(views.of(row.state(), region, row.silencedBy(), now));
        last = key;
      }
    }
    return new FleetPage(page, null);
  }

  /** Worst first: by whom it needs, then effect, then the newest. */
  private static String sortKey(IdentityState state) {
    int attention =
        switch (Attention.of(state)) {
          case CRITICAL -> 0;
          case WARNING -> 1;
          case INFO -> 2;
          case RECOVERING -> 3;
          case SETTING_UP -> 4;
          case NONE -> 5;
        };
    int effect =
        switch (state.effectState().effect()) {
          case UNVERIFIED -> state.effectState().cause() == null ? 5 : 0;
          case REJECTED -> 1;
          case FALLBACK -> 2;
          case CUSTOM -> 3;
          case DEFAULT -> 4;
        };
    return "%d%d|%019d|%s|%s"
        .formatted(
            attention,
            effect,
            Long.MAX_VALUE - state.effectState().since().toEpochMilli(),
            state.key().region(),
            state.key().name());
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

  /** The fleet in numbers. */
  public Summary summary() {
    List<RegionSummary> summaries = new ArrayList<>();
    boolean alertsReachNobody = false;
    boolean operationsReachNobody = false;
    for (String region : watched) {
      RegionState state = regions.find(region);
      alertsReachNobody |= state.told().alertsReachNobody();
      operationsReachNobody |= state.told().operationsReachNobody();
      Map<Effect, Integer> byEffect = new EnumMap<>(Effect.class);
      Map<Phase, Integer> byPhase = new EnumMap<>(Phase.class);
      Map<Attention, Integer> byAttention = new EnumMap<>(Attention.class);
      for (Effect effect : Effect.values()) {
        byEffect.put(effect, 0);
      }
      for (Phase phase : Phase.values()) {
        byPhase.put(phase, 0);
      }
      try (var rows = identities.ofRegion(region)) {
        rows.filter(row -> row.wasSeen() && !row.isGone())
            .forEach(
                row -> {
                  byEffect.merge(row.effectState().effect(), 1, Integer::sum);
                  byAttention.merge(Attention.of(row), 1, Integer::sum);
                  Phase phase = row.effectState().phase();
                  if (phase != null) {
                    byPhase.merge(phase, 1, Integer::sum);
                  }
                });
      }
      summaries.add(new RegionSummary(state, byEffect, byPhase, byAttention));
    }
    return new Summary(summaries, alertsReachNobody, operationsReachNobody);
  }
}
