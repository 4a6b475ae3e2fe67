package mailfrom.app.settings;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import mailfrom.domain.identity.Silence;

/**
 * What part of the fleet is asked for: identities that meet every part. Of a part one has to be
 * true, and an empty part asks for nothing.
 *
 * @param texts parts of the name, in any case
 * @param labels {@code name} or {@code name=value}
 * @param facts the words that are asked for of each kind
 */
public record FleetFilter(
    Set<String> texts, Set<String> labels, Set<String> regions, Map<FleetFact, Set<String>> facts) {
  /** The whole fleet. */
  public static final FleetFilter ALL = new FleetFilter(Set.of(), Set.of(), Set.of(), Map.of());

  public FleetFilter {
    texts = Set.copyOf(texts);
    labels = Set.copyOf(labels);
    regions = Set.copyOf(regions);
    facts = Map.copyOf(facts);
  }

  boolean includes(String region) {
    return regions.isEmpty() || regions.contains(region);
  }

  boolean matches(FleetRow one) {
    String name = one.state().key().name().value().toLowerCase(Locale.ROOT);
    return includes(one.state().key().region())
        && (texts.isEmpty()
            || texts.stream().anyMatch(text -> name.contains(text.toLowerCase(Locale.ROOT))))
        && (labels.isEmpty()
            || labels.stream().anyMatch(label -> Silence.hasLabel(one.state().desired(), label)))
        && facts.entrySet().stream()
            .allMatch(
                asked ->
                    asked.getValue().isEmpty()
                        || asked.getKey().of(one).anyMatch(asked.getValue()::contains));
  }
}
