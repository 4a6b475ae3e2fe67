package mailfrom.app.advice;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import mailfrom.app.json.JsonWriter;
import mailfrom.domain.effect.Phase;
import mailfrom.domain.findings.FindingCode;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.incident.Severity;
import mailfrom.domain.incident.Trouble;
import mailfrom.domain.name.IdentityName;

/**
 * What the API's list of the fleet is narrowed to.
 *
 * @param filters values by parameter; several of one mean "or"
 */
public record Narrowing(Map<String, List<String>> filters) {
  /** The whole fleet. */
  public static final Narrowing NONE = new Narrowing(Map.of());

  /** So many are asked for by name: more make a command that nobody wants to see in a mail. */
  private static final int MOST_BY_NAME = 20;

  /** What is signed has to be spelt as it is sent, so characters that are escaped are left out. */
  private static final Pattern ESCAPED = Pattern.compile("[^A-Za-z0-9._-]+");

  public static Narrowing of(String region) {
    return NONE.with("region", List.of(region));
  }

  public Command list() {
    return Command.list(filters);
  }

  private Narrowing with(String parameter, Collection<String> values) {
    Map<String, List<String>> more = new TreeMap<>(filters);
    more.put(parameter, List.copyOf(values));
    return new Narrowing(more);
  }

  public Narrowing with(FindingCode finding) {
    return with("finding", List.of(finding.name()));
  }

  public Narrowing managed() {
    return with("managed", List.of("true"));
  }

  /** Who is in any trouble. */
  public Narrowing inTrouble() {
    return with("severity", Arrays.stream(Severity.values()).map(JsonWriter::word).toList());
  }

  /** Who is in a trouble that is reminded of. */
  public Narrowing left() {
    return with(
        "severity",
        Arrays.stream(Severity.values())
            .filter(severity -> severity != Severity.INFO)
            .map(JsonWriter::word)
            .toList());
  }

  /** By what all of them have in common, and by their names when they are few. */
  public Narrowing to(List<IdentityState> states) {
    Set<Map.Entry<String, String>> common = new HashSet<>(facts(states.getFirst()).entrySet());
    states.forEach(state -> common.retainAll(facts(state).entrySet()));
    Narrowing narrowed = this;
    for (Map.Entry<String, String> fact : common) {
      narrowed = narrowed.with(fact.getKey(), List.of(fact.getValue()));
    }
    List<IdentityName> names = states.stream().map(state -> state.key().name()).toList();
    return isByName(names.size()) ? narrowed.named(names) : narrowed;
  }

  /** Whether so many are listed by their names, so that no other is. */
  public static boolean isByName(int identities) {
    return identities <= MOST_BY_NAME;
  }

  /** By these names, or by as much of them as needs no escape. */
  public Narrowing named(Collection<IdentityName> names) {
    Set<String> texts = new TreeSet<>();
    for (IdentityName name : names) {
      texts.add(
          ESCAPED
              .splitAsStream(name.value())
              .reduce("", (one, other) -> other.length() >= one.length() ? other : one));
    }
    return texts.isEmpty() ? this : with("q", new ArrayList<>(texts));
  }

  private static Map<String, String> facts(IdentityState state) {
    Map<String, String> facts = new TreeMap<>();
    state
        .trouble()
        .map(Trouble::kind)
        .ifPresentOrElse(
            kind -> facts.put("trouble", kind.name()),
            () -> facts.put("effect", state.effectState().effect().name()));
    if (state.effectState().cause() != null) {
      facts.put("cause", state.effectState().cause().name());
    }
    if (state.effectState().phase() == Phase.SETUP) {
      facts.put("phase", JsonWriter.word(Phase.SETUP));
    }
    if (state.drift() != null) {
      facts.put("drift", "true");
    }
    if (state.isRecovering()) {
      facts.put("recovering", "true");
    }
    return facts;
  }
}
