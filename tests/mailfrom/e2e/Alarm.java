package mailfrom.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.DoubleStream;

/**
 * An alarm of the template, as CloudWatch evaluates it: a period's statistic, and what counts when
 * nothing came.
 *
 * @param service the stack whose metrics it looks at
 * @param windows how many periods it looks at, all of them bad for it to ring
 */
record Alarm(
    String name,
    String metric,
    String statistic,
    String service,
    int periodSeconds,
    int windows,
    String comparison,
    double threshold,
    String missing) {
  private static final Pattern QUERY =
      Pattern.compile("SELECT (\\w+)\\((\\w+)\\) FROM .* WHERE Service = '([^']+)'");

  /** The alarm of these properties, in which everything is put in. */
  static Alarm of(String name, JsonNode properties) {
    assertEquals(
        properties.path("EvaluationPeriods"),
        properties.path("DatapointsToAlarm").isMissingNode()
            ? properties.path("EvaluationPeriods")
            : properties.path("DatapointsToAlarm"),
        name);
    JsonNode query = properties.path("Metrics").path(0);
    Matcher asked = QUERY.matcher(query.path("Expression").asText());
    boolean isQuery = asked.find();
    return new Alarm(
        name,
        isQuery ? asked.group(2) : properties.path("MetricName").asText(),
        isQuery ? asked.group(1) : properties.path("Statistic").asText(),
        isQuery ? asked.group(3) : properties.path("Dimensions").path(0).path("Value").asText(),
        (isQuery ? query : properties).path("Period").asInt(),
        properties.path("EvaluationPeriods").asInt(),
        properties.path("ComparisonOperator").asText(),
        properties.path("Threshold").asDouble(),
        properties.path("TreatMissingData").asText());
  }

  /** The periods, from 1, at whose end it rings; each has the lines of metrics that came in it. */
  List<Integer> rings(List<List<JsonNode>> periods) {
    List<Boolean> bad = periods.stream().map(this::isBad).toList();
    List<Integer> rings = new ArrayList<>();
    for (int last = windows; last <= bad.size(); last++) {
      if (!bad.subList(last - windows, last).contains(false)) {
        rings.add(last);
      }
    }
    return rings;
  }

  private boolean isBad(List<JsonNode> lines) {
    double[] values =
        lines.stream()
            .filter(line -> line.path("Service").asText().equals(service) && line.has(metric))
            .mapToDouble(line -> line.path(metric).asDouble())
            .toArray();
    if (values.length == 0) {
      return switch (missing) {
        case "breaching" -> true;
        case "notBreaching" -> false;
        default -> throw new IllegalArgumentException(missing);
      };
    }
    double value =
        switch (statistic) {
          case "Sum" -> DoubleStream.of(values).sum();
          case "Maximum", "MAX" -> DoubleStream.of(values).max().orElseThrow();
          default -> throw new IllegalArgumentException(statistic);
        };
    return switch (comparison) {
      case "LessThanThreshold" -> value < threshold;
      case "GreaterThanThreshold" -> value > threshold;
      default -> throw new IllegalArgumentException(comparison);
    };
  }
}
