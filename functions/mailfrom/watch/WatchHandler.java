package mailfrom.watch;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import mailfrom.app.Configuration;
import mailfrom.app.pace.SystemMachineClock;
import mailfrom.app.pace.Tasks;
import mailfrom.app.run.ApplyRun;
import mailfrom.app.run.EventRun;
import mailfrom.app.run.Parts;
import mailfrom.app.run.ReadRun;
import mailfrom.app.run.RunReport;
import mailfrom.app.run.WeeklyReport;
import mailfrom.app.settings.ManagedPatterns;
import mailfrom.app.settings.ManagedStore;
import mailfrom.aws.Cloud;
import mailfrom.dns.DnsjavaDns;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import software.amazon.lambda.powertools.logging.PowertoolsLogging;
import software.amazon.lambda.powertools.logging.argument.StructuredArgument;
import software.amazon.lambda.powertools.logging.argument.StructuredArguments;

/**
 * The function watch. A schedule sends {@code {"job":"read"|"apply","time":instant}}; the answer is
 * the run's report, which is also its one log line. The queue sends a batch of messages; the answer
 * names those that it has to bring again.
 */
public final class WatchHandler
    implements RequestHandler<Map<String, Object>, Map<String, Object>> {
  private static final Logger LOG = LoggerFactory.getLogger(WatchHandler.class);

  /** What a run did is logged at every level. */
  private static final Logger REPORTS = LoggerFactory.getLogger("mailfrom.reports");

  /** Reading stops this long before the function's time is up: the rest stores and publishes. */
  private static final Duration STOP_BEFORE_END = Duration.ofSeconds(60);

  private final String account;
  private final ReadRun read;
  private final Optional<WeeklyReport> weekly;
  private final ApplyRun apply;
  private final ManagedStore managed;
  private final RunMetrics metrics;
  private final LoggingTopics topics;
  private final EventRun events;
  private final InstantSource machine;

  /** Wired from the environment, in the init phase. */
  public WatchHandler() {
    this(System.getenv());
    warmUp();
  }

  /**
   * A first run misses its first slots for classes that are loaded meanwhile: here nobody waits.
   */
  private static void warmUp() {
    try {
      Cloud.warmUp();
    } catch (RuntimeException e) {
      // Without it a first run is slower, and nothing else.
      LOG.warn("What a first run needs could not be loaded before it", e);
    }
  }

  public WatchHandler(Map<String, String> environment) {
    Configuration configuration = Configuration.of(environment);
    this.account = configuration.account();
    SystemMachineClock clock = new SystemMachineClock();
    Cloud cloud = Cloud.of(configuration, environment, clock);
    this.topics = new LoggingTopics(cloud.topics());
    Parts parts =
        new Parts(
            configuration.account(),
            configuration.regions(),
            cloud.ses(),
            cloud.identities(),
            cloud.regions(),
            DnsjavaDns.of(configuration.dns(), configuration.dnsQueriesASecond()),
            topics,
            cloud.leases(),
            cloud.pace(),
            clock,
            Tasks.threads(),
            configuration.policy(),
            configuration.links(),
            () -> UUID.randomUUID().toString());
    this.read = new ReadRun(parts);
    this.weekly =
        configuration.weeklyReport() ? Optional.of(new WeeklyReport(parts)) : Optional.empty();
    this.apply = new ApplyRun(parts, configuration::paused, cloud.batches());
    this.managed = cloud.managed();
    this.metrics =
        new RunMetrics(
            environment.getOrDefault("POWERTOOLS_METRICS_NAMESPACE", "SesMailFrom"),
            environment.getOrDefault("POWERTOOLS_SERVICE_NAME", "mailfrom"));
    this.events = new EventRun(parts);
    this.machine = InstantSource.system();
  }

  @Override
  public Map<String, Object> handleRequest(Map<String, Object> event, Context context) {
    return PowertoolsLogging.withLogging(context, () -> logged(event, context));
  }

  private Map<String, Object> logged(Map<String, Object> event, Context context) {
    MDC.put("correlation_id", context.getAwsRequestId());
    try {
      Object records = event.get(QueueMessages.RECORDS);
      if (records != null) {
        return read(QueueMessages.of(records, account), context);
      }
      Job job = Job.of(event);
      Instant stopAt = stopAt(context);
      job.managed().ifPresent(managed::keep);
      RunReport report =
          switch (job.kind()) {
            case READ -> read(job.at(), stopAt);
            case APPLY -> apply.run(job.at(), stopAt);
          };
      metrics.emit(report, topics.sinceLast());
      Map<String, Object> result = Reports.asMap(report);
      if (Reports.isWorthALine(report)) {
        REPORTS.info("Run", StructuredArguments.entry("run", result));
      }
      return result;
    } catch (RuntimeException e) {
      LOG.error("The run failed", e);
      throw e;
    }
  }

  private RunReport read(Instant at, Instant stopAt) {
    try (HeapGuard _ = HeapGuard.start()) {
      RunReport.ReadReport report = read.run(at, stopAt);
      weekly.ifPresent(one -> one.tell(report));
      return report;
    }
  }

  /** What fails is brought again, and in the end put aside as a dead letter. */
  private Map<String, Object> read(QueueMessages messages, Context context) {
    messages
        .dropped()
        .forEach((id, why) -> LOG.info("A message is dropped", messageId(id), because(why)));
    messages
        .malformed()
        .forEach((id, why) -> LOG.warn("A message cannot be read", messageId(id), because(why)));
    RunReport.EventReport report = events.run(messages.changes(), stopAt(context));
    metrics.emit(report, topics.sinceLast());
    REPORTS.info("Events", StructuredArguments.entry("run", Reports.asMap(report)));
    return Map.of(
        "batchItemFailures",
        Stream.concat(messages.malformed().keySet().stream(), report.failed().stream())
            .sorted()
            .map(id -> Map.of("itemIdentifier", id))
            .toList());
  }

  private static StructuredArgument messageId(String id) {
    return StructuredArguments.entry("message_id", id);
  }

  private static StructuredArgument because(String why) {
    return StructuredArguments.entry("why", why);
  }

  private Instant stopAt(Context context) {
    Duration left = Duration.ofMillis(context.getRemainingTimeInMillis());
    return machine.instant().plus(left).minus(STOP_BEFORE_END);
  }

  /**
   * What an event asks for.
   *
   * @param managed what may be changed, when the event says it
   */
  record Job(Kind kind, Instant at, Optional<ManagedPatterns.Texts> managed) {
    enum Kind {
      READ,
      APPLY
    }

    static Job of(Map<String, Object> event) {
      Kind kind =
          switch (String.valueOf(event.get("job"))) {
            case "read" -> Kind.READ;
            case "apply" -> Kind.APPLY;
            default ->
                throw new IllegalArgumentException(
                    "The event names no job. Send {\"job\":\"read\"} or {\"job\":\"apply\"} with"
                        + " the \"time\" of the schedule.");
          };
      return new Job(kind, time(event.get("time")), managed(event.get("managed")));
    }

    private static Optional<ManagedPatterns.Texts> managed(@Nullable Object said) {
      return switch (said) {
        case null -> Optional.empty();
        case Map<?, ?> both
            when both.get("allow") instanceof String allow
                && both.get("deny") instanceof String deny ->
            Optional.of(new ManagedPatterns.Texts(allow, deny));
        default ->
            throw new IllegalArgumentException(
                "The event's \"managed\" needs \"allow\" and \"deny\", both texts.");
      };
    }

    private static Instant time(@Nullable Object text) {
      try {
        return Instant.parse(String.valueOf(text));
      } catch (DateTimeException e) {
        throw new IllegalArgumentException(
            "The event's \"time\" is not an instant of ISO 8601.", e);
      }
    }
  }
}
