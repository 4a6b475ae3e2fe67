package mailfrom.app.settings;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.EnumMap;
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
  private final HealPolicy policy;

  public Fleet(
      IdentityStore identities, RegionStore regions, List<String> watched, HealPolicy policy) {
    this.identities = identities;
    this.regions = regions;
    this.watched = watched;
    this.policy = policy;
  }

  static IdentityView view(
      IdentityState state, RegionState region, HealPolicy policy, Instant now) {
    return new IdentityView(
        state,
        state.sesView().lastRead(region.reading().lastCompleteAt()),
        state.plan(policy, region.promoting().stopped(), now));
  }

  /** An identity that a run has read; empty when there is none. */
  public Optional<IdentityView> find(IdentityKey key, Instant now) {
    return identities
        .find(key)
        .filter(state -> state.wasSeen() && !state.isGone())
        .map(state -> view(state, regions.find(key.region()), policy, now));
  }

  /** Which identity wins for a From address, as of the last run. */
  public Sender sender(IdentityKey address, Instant now) {
    RegionState ofRegion = regions.find(address.region());
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
        winner = view(state, ofRegion, policy, now);
      }
      candidates.add(new Candidate(next.get(), role));
      next = next.get().parent();
    }
    return new Sender(address, winner, List.copyOf(candidates));
  }

  /** A page of the fleet, worst first. */
  public FleetPage list(FleetQuery query) {
    List<IdentityView> found = new ArrayList<>();
    for (String region : watched) {
      String wanted = query.region();
      if (wanted == null || wanted.equals(region)) {
        RegionState state = regions.find(region);
        Instant asOf =
            state.reading().lastCompleteAt() == null
                ? Instant.EPOCH
                : state.reading().lastCompleteAt();
        try (var rows = identities.ofRegion(region)) {
          rows.filter(row -> row.wasSeen() && !row.isGone() && matches(row, query))
              .forEach(row -> found.add(view(row, state, policy, asOf)));
        }
      }
    }
    found.sort(Comparator.comparing(view -> sortKey(view.state())));
    List<IdentityView> page = new ArrayList<>();
    String after = query.cursor() == null ? "" : decode(query.cursor());
    String last = "";
    for (IdentityView view : found) {
      String key = sortKey(view.state());
      if (key.compareTo(after) > 0) {
        if (page.size() == query.limit()) {
          return new FleetPage(page, encode(last));
        }
        page.add(view);
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

  private static boolean matches(IdentityState row, FleetQuery query) {
    String text = query.text();
    String name = row.key().name().value();
    return (text == null || name.startsWith(text) || name.endsWith(text))
        && (query.effect() == null || query.effect() == row.effectState().effect())
        && (query.cause() == null || query.cause() == row.effectState().cause())
        && (query.phase() == null || query.phase() == row.effectState().phase())
        && (query.severity() == null || query.severity() == row.severity().orElse(null))
        && (query.managed() == null || query.managed() == (row.desiredState() != null))
        && (query.label() == null || Silence.hasLabel(row.desired(), query.label()));
  }

  /** The fleet in numbers. */
  public Summary summary() {
    List<RegionSummary> summaries = new ArrayList<>();
    boolean reachNobody = false;
    for (String region : watched) {
      RegionState state = regions.find(region);
      reachNobody |= state.told().alertsReachNobody();
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
    return new Summary(summaries, reachNobody);
  }
}
