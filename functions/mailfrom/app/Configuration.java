package mailfrom.app;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import mailfrom.app.advice.Links;
import mailfrom.app.tell.Topics;
import mailfrom.domain.desired.HealPolicy;

/**
 * An installation's configuration, read from the environment that the template sets.
 *
 * @param topics the topics' ARNs
 * @param paceShare the part of SES's pace that is ours
 * @param weeklyReport whether people are told once a week that all is well
 * @param paused whether nothing is written to SES
 * @param links where readers of messages find more
 * @param dns a DNS server that is asked for everything; empty: the system's
 * @param dnsQueriesASecond the most that it is asked: a stack has the default, a local DNS bears
 *     more
 */
public record Configuration(
    String table,
    String account,
    List<String> regions,
    Map<Topics.Name, String> topics,
    double paceShare,
    boolean paused,
    boolean weeklyReport,
    HealPolicy policy,
    Links links,
    Optional<InetSocketAddress> dns,
    int dnsQueriesASecond) {
  /** Lambda's resolver drops what comes above 1,024 a second, of all functions of a place. */
  public static final int DNS_QUERIES_A_SECOND = 500;

  /**
   * Reads the environment, in which every {@code MAILFROM_} name has to be known.
   *
   * @throws IllegalStateException that names all that is wrong, each with what to do about it
   */
  public static Configuration of(Map<String, String> environment) {
    Source source = new Source(environment);
    Map<Topics.Name, String> topics = new EnumMap<>(Topics.Name.class);
    for (Topics.Name topic : Topics.Name.values()) {
      topics.put(topic, source.required("MAILFROM_TOPIC_" + topic, "the ARN of the topic"));
    }
    Configuration configuration =
        new Configuration(
            source.required("MAILFROM_TABLE", "the name of the table"),
            source.required("MAILFROM_ACCOUNT", "the id of this account"),
            list(source.required("MAILFROM_REGIONS", "Regions, with commas between them")),
            topics,
            source.positive("MAILFROM_PACE_SHARE"),
            source.flag("MAILFROM_PAUSED"),
            // The template gives it to watch alone.
            source.isSet("MAILFROM_WEEKLY_REPORT") && source.flag("MAILFROM_WEEKLY_REPORT"),
            new HealPolicy(
                source.flag("MAILFROM_HEAL_RESTART"), source.flag("MAILFROM_HEAL_REPAIR")),
            // Watch alone knows the API: the API knows the function of settings.
            new Links(
                source.optional("MAILFROM_API_URL"),
                source.optional("MAILFROM_RUNBOOK_URL"),
                source.optional("MAILFROM_PAGE_URL")),
            source.address("MAILFROM_DNS"),
            source.number("MAILFROM_DNS_QUERIES", DNS_QUERIES_A_SECOND));
    source.throwProblems();
    return configuration;
  }

  /** The same, but nothing is paused: a request can be rehearsed. */
  public Configuration forRehearsal() {
    return new Configuration(
        table,
        account,
        regions,
        topics,
        paceShare,
        false,
        weeklyReport,
        policy,
        links,
        dns,
        dnsQueriesASecond);
  }

  /** One that is named twice is one. */
  private static List<String> list(String text) {
    return Stream.of(text.split(","))
        .map(String::strip)
        .filter(part -> !part.isEmpty())
        .distinct()
        .toList();
  }

  /** Reads, and remembers which names there are and what was wrong. */
  private static final class Source {
    private static final String PREFIX = "MAILFROM_";

    private final Map<String, String> environment;
    private final Set<String> known = new HashSet<>();
    private final List<String> problems = new ArrayList<>();

    Source(Map<String, String> environment) {
      this.environment = environment;
    }

    String optional(String name) {
      known.add(name);
      return environment.getOrDefault(name, "").strip();
    }

    boolean isSet(String name) {
      return !optional(name).isEmpty();
    }

    /** The value; a text of separators alone is none. */
    String required(String name, String what) {
      String value = optional(name);
      if (value.replace(",", "").isBlank()) {
        problems.add("%s is not set: give it %s".formatted(name, what));
      }
      return value;
    }

    /** A switch that nobody set is not off: what it holds back would go on. */
    boolean flag(String name) {
      String value = required(name, "true or false").toLowerCase(Locale.ROOT);
      if (!Set.of("true", "false", "").contains(value)) {
        problems.add(
            "%s is '%s', neither true nor false: give it one of them".formatted(name, value));
      }
      return value.equals("true");
    }

    double positive(String name) {
      String what = "a number above 0, as 0.9";
      String value = required(name, what);
      if (value.isEmpty()) {
        return 1;
      }
      try {
        double number = Double.parseDouble(value);
        if (number > 0 && number < Double.POSITIVE_INFINITY) {
          return number;
        }
      } catch (NumberFormatException e) {
        // Told below, with the numbers that do not fit.
      }
      problems.add("%s is '%s': give it %s".formatted(name, value, what));
      return 1;
    }

    /** A whole number of 100 or more. */
    int number(String name, int otherwise) {
      String value = optional(name);
      if (value.isEmpty()) {
        return otherwise;
      }
      if (value.matches("[1-9]\\d{2,8}")) {
        return Integer.parseInt(value);
      }
      problems.add(
          "%s is '%s': give it a whole number of 100 or more, or remove it".formatted(name, value));
      return otherwise;
    }

    Optional<InetSocketAddress> address(String name) {
      String value = optional(name);
      if (value.isEmpty()) {
        return Optional.empty();
      }
      int colon = value.lastIndexOf(':');
      try {
        if (colon > 0) {
          int port = Integer.parseInt(value.substring(colon + 1));
          return Optional.of(new InetSocketAddress(value.substring(0, colon), port));
        }
      } catch (IllegalArgumentException e) {
        // Told below, as is a value without a host.
      }
      problems.add("%s is '%s': give it host:port, or remove it".formatted(name, value));
      return Optional.empty();
    }

    void throwProblems() {
      environment.keySet().stream()
          .filter(name -> name.startsWith(PREFIX) && !known.contains(name))
          .sorted()
          .forEach(name -> problems.add(name + " is not known: correct its name, or remove it"));
      if (!problems.isEmpty()) {
        throw new IllegalStateException("The environment is wrong: " + String.join("; ", problems));
      }
    }
  }
}
