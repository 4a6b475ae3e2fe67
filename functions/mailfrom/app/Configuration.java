package mailfrom.app;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import mailfrom.app.settings.ManagedPatterns;
import mailfrom.app.tell.Topics;
import mailfrom.domain.desired.HealPolicy;

/**
 * An installation's configuration, read from the environment that the template sets.
 *
 * @param topics the topics' ARNs
 * @param paceShare the part of SES's pace that is ours
 * @param weeklyReport whether people are told once a week that all is well
 * @param paused whether nothing is written to SES
 * @param dns a DNS server that is asked for everything; empty: the system's
 */
public record Configuration(
    String table,
    String account,
    List<String> regions,
    Map<Topics.Name, String> topics,
    double paceShare,
    boolean paused,
    boolean weeklyReport,
    ManagedPatterns managed,
    HealPolicy policy,
    Optional<InetSocketAddress> dns) {

  /** Reads the environment; throws one IllegalStateException that names everything wrong in it. */
  public static Configuration of(Map<String, String> environment) {
    Source source = new Source(environment);
    Map<Topics.Name, String> topics = new EnumMap<>(Topics.Name.class);
    for (Topics.Name topic : Topics.Name.values()) {
      topics.put(topic, source.required("MAILFROM_TOPIC_" + topic));
    }
    Configuration configuration =
        new Configuration(
            source.required("MAILFROM_TABLE"),
            source.required("MAILFROM_ACCOUNT"),
            list(source.required("MAILFROM_REGIONS")),
            topics,
            source.positive("MAILFROM_PACE_SHARE"),
            source.flag("MAILFROM_PAUSED"),
            source.flag("MAILFROM_WEEKLY_REPORT"),
            new ManagedPatterns(
                list(source.optional("MAILFROM_MANAGED_ALLOW")),
                list(source.optional("MAILFROM_MANAGED_DENY"))),
            new HealPolicy(
                source.flag("MAILFROM_HEAL_RESTART"), source.flag("MAILFROM_HEAL_REPAIR")),
            source.address("MAILFROM_DNS"));
    source.throwProblems();
    return configuration;
  }

  /** The same, but any identity may be changed: whatever is managed, a request can be rehearsed. */
  public Configuration forRehearsal() {
    return new Configuration(
        table,
        account,
        regions,
        topics,
        paceShare,
        false,
        weeklyReport,
        new ManagedPatterns(List.of(), List.of()),
        policy,
        dns);
  }

  private static List<String> list(String text) {
    return Stream.of(text.split(",")).map(String::strip).filter(part -> !part.isEmpty()).toList();
  }

  /** Reads, and remembers what was wrong. */
  private static final class Source {
    private final Map<String, String> environment;
    private final List<String> problems = new ArrayList<>();

    Source(Map<String, String> environment) {
      this.environment = environment;
    }

    String optional(String name) {
      return environment.getOrDefault(name, "");
    }

    String required(String name) {
      String value = optional(name);
      if (value.isBlank()) {
        problems.add(name + " is not set");
      }
      return value;
    }

    boolean flag(String name) {
      String value = optional(name).toLowerCase(Locale.ROOT);
      if (!value.isEmpty() && !value.equals("true") && !value.equals("false")) {
        problems.add(name + " is neither true nor false");
      }
      return value.equals("true");
    }

    double positive(String name) {
      try {
        double value = Double.parseDouble(required(name));
        if (value > 0) {
          return value;
        }
      } catch (NumberFormatException e) {
        // Told below, with the other problems.
      }
      problems.add(name + " is not a number above 0");
      return 1;
    }

    Optional<InetSocketAddress> address(String name) {
      String value = optional(name);
      if (value.isEmpty()) {
        return Optional.empty();
      }
      int colon = value.lastIndexOf(':');
      try {
        return Optional.of(
            new InetSocketAddress(
                value.substring(0, Math.max(colon, 0)),
                Integer.parseInt(value.substring(colon + 1))));
      } catch (IllegalArgumentException e) {
        problems.add(name + " is not host:port");
        return Optional.empty();
      }
    }

    void throwProblems() {
      if (!problems.isEmpty()) {
        throw new IllegalStateException("The environment is wrong: " + String.join("; ", problems));
      }
    }
  }
}
