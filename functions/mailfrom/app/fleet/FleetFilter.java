package mailfrom.app.fleet;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import mailfrom.app.json.JsonWriter;
import mailfrom.domain.effect.Effect;
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

  /** Parts that are looked for in facts, of all kinds: more are not handed to the table. */
  private static final int MOST_PARTS = 100;

  public boolean includes(String region) {
    return regions.isEmpty() || regions.contains(region);
  }

  public boolean matches(FleetRow one) {
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

  private Set<String> words(FleetFact kind) {
    return facts.getOrDefault(kind, Set.of());
  }

  /** Whether what is asked for is only what some silence holds back: no row says who that is. */
  public boolean isSilencedOnly() {
    return words(FleetFact.SILENCED).equals(Set.of("true"));
  }

  /** The parts of the order in which those that match are, from the first on. */
  public List<FleetPlace.Span> spans() {
    List<FleetPlace.Span> spans = new ArrayList<>();
    String from = null;
    String last = "";
    for (Attention attention : Attention.values()) {
      for (int effect = 0; effect <= FleetPlace.NEVER_VERIFIED; effect++) {
        if (!isPossible(attention) || !isPossible(effect)) {
          if (from != null) {
            spans.add(FleetPlace.Span.of(from, last));
            from = null;
          }
          continue;
        }
        last = FleetPlace.rank(attention, effect);
        from = from == null ? last : from;
      }
    }
    if (from != null) {
      spans.add(FleetPlace.Span.of(from, last));
    }
    return spans;
  }

  private boolean isPossible(Attention attention) {
    Set<String> severities = words(FleetFact.SEVERITY);
    boolean inTrouble =
        switch (attention) {
          case CRITICAL, WARNING, INFO -> true;
          case RECOVERING, SETTING_UP, NONE -> false;
        };
    return (severities.isEmpty() || severities.contains(JsonWriter.word(attention)))
        && (words(FleetFact.TROUBLE).isEmpty() || inTrouble)
        && isPossible(FleetFact.RECOVERING, attention == Attention.RECOVERING);
  }

  private boolean isPossible(FleetFact kind, boolean fact) {
    return words(kind).isEmpty() || words(kind).contains(Boolean.toString(fact));
  }

  private boolean isPossible(int effectRank) {
    Set<String> effects = words(FleetFact.EFFECT);
    return effects.isEmpty()
        || Arrays.stream(Effect.values())
            .filter(effect -> effects.contains(effect.name()))
            .anyMatch(
                effect ->
                    FleetPlace.rank(effect) == effectRank
                        || (effect == Effect.UNVERIFIED
                            && effectRank == FleetPlace.NEVER_VERIFIED));
  }

  /**
   * What the stored facts of those that match have: of each set one part at least. Others may have
   * them too.
   */
  public List<Set<String>> parts() {
    List<Set<String>> parts = new ArrayList<>();
    parts.add(in(texts, FleetPlace::name));
    parts.add(in(labels, FleetPlace::storedLabel));
    for (FleetFact kind : FleetFact.STORED) {
      parts.add(in(words(kind), word -> FleetPlace.stored(kind, word)));
    }
    parts.removeIf(Set::isEmpty);
    parts.sort(Comparator.comparingInt(Set::size));
    int many = 0;
    List<Set<String>> few = new ArrayList<>();
    for (Set<String> part : parts) {
      many += part.size();
      if (many <= MOST_PARTS) {
        few.add(part);
      }
    }
    return few;
  }

  private static Set<String> in(Set<String> asked, UnaryOperator<String> stored) {
    return asked.stream().map(stored).collect(Collectors.toSet());
  }
}
