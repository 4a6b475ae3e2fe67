package mailfrom.local;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Both functions with everything around them, on 127.0.0.1: SES, DNS, DynamoDB, SNS, a clock that
 * can be moved, schedules, and the HTTP API.
 *
 * <p>It listens once it is made. Until {@link #startSchedules} watch runs only when told to: by
 * {@code POST /local/watch} or {@link #watch}.
 */
public final class LocalCloud implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LocalCloud.class);
  private static final String TABLE = "mailfrom";
  private static final double PACE_SHARE = 0.9;
  private static final Duration READ_INTERVAL = Duration.ofSeconds(10);
  private static final Duration APPLY_INTERVAL = Duration.ofSeconds(1);

  /** The ports; 0 takes a free one. */
  public record Ports(int api, int ses, int dns, int sns, int table) {
    /** Free ones. */
    public static final Ports FREE = new Ports(0, 0, 0, 0, 0);

    /** Those of the documentation. */
    public static final Ports STANDARD = new Ports(8080, 8025, 8053, 8026, 8027);
  }

  /**
   * How a local cloud is made.
   *
   * @param regions the watched Regions, at least one
   * @param pace how many times faster than the real one SES may be called
   * @param hold how long a call that gets no answer is held
   * @param environment what to add to, or replace in, the functions' environment
   * @param asksForSignature whether the gateway refuses requests without a signature; it knows no
   *     keys, and takes any
   */
  public record Options(
      Ports ports,
      List<String> regions,
      int pace,
      Duration hold,
      Map<String, String> environment,
      boolean asksForSignature) {
    public Options {
      regions = List.copyOf(regions);
      if (regions.isEmpty()) {
        throw new IllegalArgumentException("name at least one Region");
      }
      environment = Map.copyOf(environment);
    }

    /** One Region on free ports, a hundred times the pace. */
    public static Options forTests() {
      return new Options(
          Ports.FREE, List.of("us-east-1"), 100, Duration.ofSeconds(30), Map.of(), false);
    }

    /** The same on other ports. */
    public Options at(Ports other) {
      return new Options(other, regions, pace, hold, environment, asksForSignature);
    }

    /** The same in these Regions. */
    public Options in(List<String> others) {
      return new Options(ports, others, pace, hold, environment, asksForSignature);
    }

    /** The same at another pace; 1 is the real one. */
    public Options pace(int other) {
      return new Options(ports, regions, other, hold, environment, asksForSignature);
    }

    /** The same with a gateway that asks for a signature. */
    public Options signed() {
      return new Options(ports, regions, pace, hold, environment, true);
    }

    /** The same with this in the functions' environment. */
    public Options with(Map<String, String> more) {
      return new Options(ports, regions, pace, hold, more, asksForSignature);
    }
  }

  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final LocalClock clock = new LocalClock();
  private final FaultPlan faults = new FaultPlan();
  private final List<String> regions;
  private final LocalApi api;
  private final LocalDns dns;
  private final LocalSes ses;
  private final LocalSns sns;
  private final URI sesUrl;
  private final URI snsUrl;
  private final LocalTable table;
  private final Map<String, String> environment;
  private final WatchRuns runs;

  /** Starts everything, or nothing: what is already open is closed when a port is taken. */
  public LocalCloud(Options options, Functions.Factory functionsFactory) {
    regions = options.regions();
    boolean started = false;
    try {
      Ports ports = options.ports();
      api = opened(new LocalApi(ports.api(), clock, options.asksForSignature()));
      dns = opened(new LocalDns(ports.dns(), faults, Duration.ofMinutes(5)));
      // What SES publishes of itself, with networks of RFC 5737.
      dns.put("amazonses.com", DnsRecords.txt("v=spf1 ip4:192.0.2.0/24 ip4:198.51.100.0/24 -all"));
      ses = new LocalSes(clock, dns, faults, System::nanoTime);
      ses.paceFactor(options.pace());
      sesUrl = opened(new LocalSesEndpoint(ses, ports.ses(), options.hold())).url();
      sns = new LocalSns(regions.getFirst(), clock, faults);
      snsUrl = opened(new LocalSnsEndpoint(sns, ports.sns(), options.hold())).url();
      table = opened(new LocalTable(TABLE, ports.table(), faults, options.hold()));
      environment = environment(options);
      Functions functions = opened(functionsFactory.make(environment));
      runs = opened(new WatchRuns(functions, clock));
      api.start(functions, new Controls(clock, dns, ses, sns, faults, runs, regions));
      started = true;
    } finally {
      if (!started) {
        close();
      }
    }
  }

  private <T extends AutoCloseable> T opened(T part) {
    open.push(part);
    return part;
  }

  private Map<String, String> environment(Options options) {
    String alerts = sns.topic("alerts");
    // Somebody reads the alerts: the messages are shown, not sent.
    sns.subscribe(alerts, "email", "you@example.com", true);
    Map<String, String> variables =
        new TreeMap<>(
            Map.ofEntries(
                Map.entry("AWS_REGION", regions.getFirst()),
                Map.entry("AWS_ACCESS_KEY_ID", "local"),
                Map.entry("AWS_SECRET_ACCESS_KEY", "local"),
                Map.entry("AWS_ENDPOINT_URL_SES", sesUrl.toString()),
                Map.entry("AWS_ENDPOINT_URL_SNS", snsUrl.toString()),
                Map.entry("AWS_ENDPOINT_URL_DYNAMODB", table.url().toString()),
                Map.entry("MAILFROM_TABLE", table.name()),
                Map.entry("MAILFROM_ACCOUNT", LocalSns.ACCOUNT),
                Map.entry("MAILFROM_REGIONS", String.join(",", regions)),
                Map.entry("MAILFROM_TOPIC_ALERTS", alerts),
                Map.entry("MAILFROM_TOPIC_NOTICES", sns.topic("notices")),
                Map.entry("MAILFROM_TOPIC_OPERATIONS", sns.topic("operations")),
                Map.entry("MAILFROM_PACE_SHARE", Double.toString(PACE_SHARE * options.pace())),
                Map.entry("MAILFROM_PAUSED", "false"),
                Map.entry("MAILFROM_MANAGED_ALLOW", ""),
                Map.entry("MAILFROM_MANAGED_DENY", ""),
                Map.entry("MAILFROM_HEAL_RESTART", "true"),
                Map.entry("MAILFROM_HEAL_REPAIR", "false"),
                Map.entry("MAILFROM_API_URL", api.url().toString()),
                Map.entry("MAILFROM_DNS", "127.0.0.1:" + dns.port())));
    variables.putAll(options.environment());
    return Map.copyOf(variables);
  }

  /**
   * Makes the sample fleet in the first Region, as a first read a quarter of an hour ago saw it and
   * as it is now, and a few healthy identities in the others.
   */
  public void plantSampleFleet() {
    for (String region : regions) {
      SampleFleet fleet = new SampleFleet(ses, dns, region);
      if (region.equals(regions.getFirst())) {
        fleet.plant(clock.instant());
      } else {
        fleet.plantElsewhere();
      }
    }
  }

  /** Lets the past of the sample fleet happen: a first read, and what came after it. */
  public void runSampleFleetsPast() {
    try {
      runs.run(WatchRuns.Job.READ, clock.instant().minus(SampleFleet.FIRST_READ_BEFORE));
    } catch (RuntimeException e) {
      LOG.error("The first read of the sample fleet failed", e);
    }
    new SampleFleet(ses, dns, regions.getFirst()).happen(clock.instant());
  }

  /** Lets watch read every 10 s and apply every second, from now on. */
  public void startSchedules() {
    runs.every(READ_INTERVAL, WatchRuns.Job.READ);
    runs.every(APPLY_INTERVAL, WatchRuns.Job.APPLY);
  }

  /** Runs read, then apply, now, and returns what each returned. */
  public Map<String, ?> watch() {
    return runs.readThenApply();
  }

  /** Where the HTTP API, the control calls and the page are. */
  public URI url() {
    return api.url();
  }

  /** The SES endpoint. */
  public URI sesUrl() {
    return sesUrl;
  }

  /** The SNS endpoint. */
  public URI snsUrl() {
    return snsUrl;
  }

  /** The clock. */
  public LocalClock clock() {
    return clock;
  }

  /** The DNS server. */
  public LocalDns dns() {
    return dns;
  }

  /** SES. */
  public LocalSes ses() {
    return ses;
  }

  /** SNS, with the topics {@code alerts}, {@code notices} and {@code operations}. */
  public LocalSns sns() {
    return sns;
  }

  /** DynamoDB. */
  public LocalTable table() {
    return table;
  }

  /** The planned faults. */
  public FaultPlan faults() {
    return faults;
  }

  /** The environment that the functions were made for. */
  public Map<String, String> environment() {
    return environment;
  }

  @Override
  public void close() {
    while (!open.isEmpty()) {
      AutoCloseable part = open.pop();
      try {
        part.close();
      } catch (Exception e) {
        // The rest has to be closed all the same.
        LOG.error("{} was not closed", part, e);
      }
    }
  }
}
