package mailfrom.watch;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import mailfrom.app.json.JsonWriter;
import mailfrom.app.run.RunReport;

/** A run's report as the function's answer and its log line. */
final class Reports {
  private Reports() {}

  static Map<String, Object> asMap(RunReport report) {
    return switch (report) {
      case RunReport.ReadReport read ->
          fields(
              "job", "read",
              "at", JsonWriter.time(read.at()),
              "millis", read.took().toMillis(),
              "complete", read.complete(),
              "regions", read.regions().stream().map(Reports::asMap).toList());
      case RunReport.ApplyReport apply ->
          fields(
              "job", "apply",
              "at", JsonWriter.time(apply.at()),
              "millis", apply.took().toMillis(),
              "regions", apply.regions().stream().map(Reports::asMap).toList());
      case RunReport.EventReport events ->
          fields(
              "job", "events",
              "at", JsonWriter.time(events.at()),
              "millis", events.took().toMillis(),
              "messages", events.messages(),
              "identitiesRead", events.identitiesRead(),
              "failed", events.failed().size());
    };
  }

  private static Map<String, Object> asMap(RunReport.RegionReadReport region) {
    return fields(
        "region", region.region(),
        "skipped", region.skipped(),
        "listed", region.listed(),
        "read", region.read(),
        "couldNotAsk", region.couldNotAsk(),
        "cannotWatch", region.cannotWatch(),
        "complete", region.complete(),
        "overdue", region.overdue(),
        "stored", region.stored(),
        "effects", names(region.effects()),
        "told", names(region.told()),
        "failedDeliveries", region.failedDeliveries());
  }

  private static Map<String, Object> asMap(RunReport.RegionApplyReport region) {
    return fields(
        "region", region.region(),
        "skipped", region.skipped(),
        "queued", region.queued(),
        "set", region.set(),
        "refused", region.refused(),
        "left", region.left());
  }

  /** An apply run that found nothing to do is not worth a line a minute. */
  static boolean isWorthALine(RunReport report) {
    return switch (report) {
      case RunReport.ReadReport read -> true;
      case RunReport.EventReport events -> true;
      case RunReport.ApplyReport apply -> apply.regions().stream().anyMatch(r -> r.queued() > 0);
    };
  }

  private static Map<String, Integer> names(Map<? extends Enum<?>, Integer> counts) {
    Map<String, Integer> named = new TreeMap<>();
    counts.forEach((key, count) -> named.put(key.name(), count));
    return named;
  }

  private static Map<String, Object> fields(Object... namesAndValues) {
    Map<String, Object> fields = new LinkedHashMap<>();
    List<Object> parts = List.of(namesAndValues);
    for (int i = 0; i < parts.size(); i += 2) {
      fields.put((String) parts.get(i), parts.get(i + 1));
    }
    return fields;
  }
}
