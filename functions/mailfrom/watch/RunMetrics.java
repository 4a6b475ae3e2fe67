package mailfrom.watch;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import mailfrom.app.run.RunReport;
import mailfrom.domain.effect.Effect;
import software.amazon.lambda.powertools.metrics.Metrics;
import software.amazon.lambda.powertools.metrics.MetricsBuilder;
import software.amazon.lambda.powertools.metrics.model.DimensionSet;
import software.amazon.lambda.powertools.metrics.model.MetricUnit;

/**
 * The metrics of a read run: seven in all, and five a Region. Other runs have those of messages
 * that were not taken.
 */
final class RunMetrics {
  private final Metrics metrics;

  /**
   * Makes the metrics of an installation.
   *
   * @param namespace CloudWatch's namespace
   * @param service the value of the dimension Service, which tells two stacks apart
   */
  RunMetrics(String namespace, String service) {
    this(MetricsBuilder.builder().withNamespace(namespace).withService(service).build());
  }

  RunMetrics(Metrics metrics) {
    this.metrics = metrics;
  }

  void emit(RunReport report, LoggingTopics.Untaken untaken) {
    switch (report) {
      case RunReport.ReadReport read -> emit(read, untaken);
      case RunReport.ApplyReport apply -> emit(untaken);
      case RunReport.EventReport events -> emit(untaken);
    }
  }

  /** What else these runs did shows in the next read run. */
  private void emit(LoggingTopics.Untaken untaken) {
    if (untaken.all() > 0) {
      add(untaken);
      metrics.flush();
    }
  }

  private void add(LoggingTopics.Untaken untaken) {
    metrics.addMetric("FailedDeliveries", untaken.failed(), MetricUnit.COUNT);
    metrics.addMetric("RefusedMessages", untaken.refused(), MetricUnit.COUNT);
  }

  private void emit(RunReport.ReadReport read, LoggingTopics.Untaken untaken) {
    List<RunReport.RegionReadReport> done =
        read.regions().stream().filter(region -> !region.skipped()).toList();
    long incomplete = read.regions().stream().filter(region -> !region.complete()).count();
    metrics.addMetric("RunCompleted", incomplete == 0 ? 1 : 0, MetricUnit.COUNT);
    metrics.addMetric("NotCompletedRegions", (double) incomplete, MetricUnit.COUNT);
    add(untaken);
    add("AlertsReachNobody", done, RunReport.RegionReadReport::alertsReachNobody);
    add("OperationsReachNobody", done, RunReport.RegionReadReport::operationsReachNobody);
    metrics.addMetric(
        "OverdueChanges",
        done.stream().mapToInt(RunReport.RegionReadReport::overdue).sum(),
        MetricUnit.COUNT);
    metrics.flush();
    for (RunReport.RegionReadReport region : done) {
      metrics.flushMetrics(of -> emit(of, region));
    }
  }

  private void add(
      String name,
      List<RunReport.RegionReadReport> done,
      Predicate<RunReport.RegionReadReport> isSo) {
    metrics.addMetric(name, done.stream().anyMatch(isSo) ? 1 : 0, MetricUnit.COUNT);
  }

  private static void emit(Metrics metrics, RunReport.RegionReadReport region) {
    // One set of both: CloudWatch tells a metric by all its dimensions, and one that is added here
    // would be a set of its own.
    Map<String, String> dimensions = new TreeMap<>(metrics.getDefaultDimensions().getDimensions());
    dimensions.put("Region", region.region());
    metrics.setDefaultDimensions(DimensionSet.of(dimensions));
    metrics.addMetric("IdentitiesRead", region.read(), MetricUnit.COUNT);
    metrics.addMetric("CouldNotAsk", region.couldNotAsk(), MetricUnit.COUNT);
    metrics.addMetric("Rejected", count(region, Effect.REJECTED), MetricUnit.COUNT);
    metrics.addMetric("Fallback", count(region, Effect.FALLBACK), MetricUnit.COUNT);
    metrics.addMetric("Custom", count(region, Effect.CUSTOM), MetricUnit.COUNT);
  }

  private static int count(RunReport.RegionReadReport region, Effect effect) {
    return region.effects().getOrDefault(effect, 0);
  }
}
