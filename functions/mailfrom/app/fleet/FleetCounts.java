package mailfrom.app.fleet;

import java.time.Instant;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Stream;
import mailfrom.domain.effect.Effect;
import mailfrom.domain.effect.Phase;
import mailfrom.domain.identity.IdentityState;

/**
 * A fleet, or a part of it, in numbers.
 *
 * @param asOf when it was counted
 * @param byEffect identities by effect
 * @param byPhase identities by phase; those without are not counted
 * @param byAttention identities by whom they need
 */
public record FleetCounts(
    Instant asOf,
    Map<Effect, Integer> byEffect,
    Map<Phase, Integer> byPhase,
    Map<Attention, Integer> byAttention) {
  public FleetCounts {
    byEffect = Map.copyOf(byEffect);
    byPhase = Map.copyOf(byPhase);
    byAttention = Map.copyOf(byAttention);
  }

  /** Counts those of some identities that belong to the fleet. */
  public static FleetCounts of(Stream<IdentityState> states, Instant asOf) {
    Map<Effect, Integer> byEffect = new EnumMap<>(Effect.class);
    Map<Phase, Integer> byPhase = new EnumMap<>(Phase.class);
    Map<Attention, Integer> byAttention = new EnumMap<>(Attention.class);
    states
        .filter(FleetPlace::isShown)
        .forEach(
            state -> {
              byEffect.merge(state.effectState().effect(), 1, Integer::sum);
              byAttention.merge(Attention.of(state), 1, Integer::sum);
              Phase phase = state.effectState().phase();
              if (phase != null) {
                byPhase.merge(phase, 1, Integer::sum);
              }
            });
    return new FleetCounts(asOf, byEffect, byPhase, byAttention);
  }

  /** Parts of a fleet together, as of the oldest of them; there is one. */
  public static FleetCounts sum(Collection<FleetCounts> parts) {
    Map<Effect, Integer> byEffect = new EnumMap<>(Effect.class);
    Map<Phase, Integer> byPhase = new EnumMap<>(Phase.class);
    Map<Attention, Integer> byAttention = new EnumMap<>(Attention.class);
    for (FleetCounts part : parts) {
      part.byEffect.forEach((effect, count) -> byEffect.merge(effect, count, Integer::sum));
      part.byPhase.forEach((phase, count) -> byPhase.merge(phase, count, Integer::sum));
      part.byAttention.forEach((need, count) -> byAttention.merge(need, count, Integer::sum));
    }
    Instant asOf = parts.stream().map(FleetCounts::asOf).min(Instant::compareTo).orElseThrow();
    return new FleetCounts(asOf, byEffect, byPhase, byAttention);
  }

  public int of(Effect effect) {
    return byEffect.getOrDefault(effect, 0);
  }

  public int of(Phase phase) {
    return byPhase.getOrDefault(phase, 0);
  }

  public int identities() {
    return byEffect.values().stream().mapToInt(Integer::intValue).sum();
  }
}
