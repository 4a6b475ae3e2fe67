package mailfrom.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a template says of roles, rules, metrics and alarms. */
final class Template {
  /** A metric as CloudWatch tells it from others: by its name and the names of its dimensions. */
  record Metric(String name, Set<String> dimensions) {}

  private static final String NAMESPACE = "SesMailFrom";

  private static final Pattern ALARM =
      Pattern.compile(
          "Namespace: SesMailFrom\\s+MetricName: (\\w+)\\s+Dimensions: \\[\\{ Name: (\\w+),");
  private static final Pattern QUERY =
      Pattern.compile("SELECT \\w+\\((\\w+)\\) FROM SCHEMA\\(\"SesMailFrom\", ([\\w, ]+)\\)");
  private static final Pattern SEARCH =
      Pattern.compile("SEARCH\\('\\{SesMailFrom,([\\w,]+)\\}[^']*MetricName=\\\\\"(\\w+)\\\\\"");
  private static final Pattern ROW =
      Pattern.compile("\\[\"(SesMailFrom|\\.|AWS/\\w+)\",\"(\\w+|\\.)\",\"(\\w+|\\.)\",");

  private final String text;
  private final JsonNode root;

  private Template(String text) {
    this.text = text;
    try {
      // The tags of CloudFormation's functions fall away: their arguments are what counts here.
      this.root = new YAMLMapper().readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Template read() {
    return read("template.yaml");
  }

  /** The template of another stack. */
  static Template read(String file) {
    try {
      return new Template(Files.readString(Path.of(file)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * What a rule of EventBridge lets through.
   *
   * @param values what the arguments of CloudFormation's functions stand for
   */
  EventPattern eventPattern(String rule, Map<String, String> values) {
    return new EventPattern(
        root.path("Resources").path(rule).path("Properties").path("EventPattern"), values);
  }

  /** The actions that a role allows, under whatever condition. */
  Set<String> actionsOf(String role) {
    Set<String> actions = new TreeSet<>();
    for (JsonNode statement :
        root.path("Resources")
            .path(role)
            .path("Properties")
            .path("Policies")
            .findValues("Action")) {
      if (statement.isArray()) {
        statement.forEach(action -> actions.add(action.asText()));
      } else {
        actions.add(statement.asText());
      }
    }
    return actions;
  }

  /** This system's own metrics that an alarm or the dashboard names. */
  Set<Metric> metrics() {
    Set<Metric> named = new LinkedHashSet<>();
    find(ALARM, match -> named.add(new Metric(match.group(1), Set.of(match.group(2)))));
    find(QUERY, match -> named.add(new Metric(match.group(1), Set.of(match.group(2).split(", ")))));
    find(SEARCH, match -> named.add(new Metric(match.group(2), Set.of(match.group(1).split(",")))));
    String[] namespace = {""};
    String[] dimension = {""};
    find(
        ROW,
        match -> {
          // A dot repeats what stands there in the row before.
          namespace[0] = match.group(1).equals(".") ? namespace[0] : match.group(1);
          dimension[0] = match.group(3).equals(".") ? dimension[0] : match.group(3);
          if (namespace[0].equals(NAMESPACE)) {
            named.add(new Metric(match.group(2), Set.of(dimension[0])));
          }
        });
    return named;
  }

  /** The runbook's sections that alarms name, as {@code name of the alarm: words}. */
  Set<String> runbookOfAlarms() {
    Set<String> sections = new TreeSet<>();
    for (var resource : root.path("Resources").properties()) {
      if (resource.getValue().path("Type").asText().equals("AWS::CloudWatch::Alarm")) {
        String description =
            resource.getValue().path("Properties").path("AlarmDescription").asText();
        Matcher named = Pattern.compile("OPERATIONS[.]md, runbook: (.+)\\.$").matcher(description);
        sections.add(named.find() ? named.group(1) : "nothing named by " + resource.getKey());
      }
    }
    return sections;
  }

  /** The alarms that live on this system's own metrics, by name. */
  Set<String> ownAlarms() {
    Set<String> names = new TreeSet<>();
    for (var resource : root.path("Resources").properties()) {
      JsonNode properties = resource.getValue().path("Properties");
      if (resource.getValue().path("Type").asText().equals("AWS::CloudWatch::Alarm")
          && properties.path("Namespace").asText(NAMESPACE).equals(NAMESPACE)) {
        names.add(resource.getKey());
      }
    }
    return names;
  }

  /** Whether metrics are made of log fields by a filter. */
  boolean hasMetricFilters() {
    return text.contains("AWS::Logs::MetricFilter") || text.contains("FilterPattern");
  }

  private void find(Pattern pattern, Consumer<Matcher> each) {
    Matcher matcher = pattern.matcher(text);
    while (matcher.find()) {
      each.accept(matcher);
    }
  }
}
