package mailfrom.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import mailfrom.app.Configuration;
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
  private static final ObjectMapper JSON = JsonMapper.builder().build();
  private static final String TABLE = "mailfrom";
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
   * @param dnsQueries the most that the functions ask its DNS in a second
   * @param hold how long a call that gets no answer is held
   * @param parameters those of the template that are not their defaults
   * @param asksForSignature whether the gateway refuses requests without a signature; it knows no
   *     keys, and takes any
   */
  public record Options(
      Ports ports,
      List<String> regions,
      int pace,
      int dnsQueries,
      Duration hold,
      Map<String, String> parameters,
      boolean asksForSignature) {
    public Options {
      regions = List.copyOf(regions);
      if (regions.isEmpty()) {
        throw new IllegalArgumentException("name at least one Region");
      }
      parameters = Map.copyOf(parameters);
    }

    /** One Region on free ports, a hundred times the pace, and a DNS that bears any. */
    public static Options forTests() {
      return new Options(
          Ports.FREE, List.of("us-east-1"), 100, 100_000, Duration.ofSeconds(30), Map.of(), false);
    }

    /** The same on other ports. */
    public Options at(Ports other) {
      return new Options(other, regions, pace, dnsQueries, hold, parameters, asksForSignature);
    }

    /** The same in these Regions. */
    public Options in(List<String> others) {
      return new Options(ports, others, pace, dnsQueries, hold, parameters, asksForSignature);
    }

    /** The same at another pace; 1 is the real one. */
    public Options pace(int other) {
      return new Options(ports, regions, other, dnsQueries, hold, parameters, asksForSignature);
    }

    /** The same, whose DNS is asked as often as that of a stack: for what is measured. */
    public Options withTheDnsOfAStack() {
      return new Options(
          ports,
          regions,
          pace,
          Configuration.DNS_QUERIES_A_SECOND,
          hold,
          parameters,
          asksForSignature);
    }

    /** The same with a gateway that asks for a signature. */
    public Options signed() {
      return new Options(ports, regions, pace, dnsQueries, hold, parameters, true);
    }

    /** The same with these parameters of the template. */
    public Options with(Map<String, String> more) {
      return new Options(ports, regions, pace, dnsQueries, hold, more, asksForSignature);
    }
  }

  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final LocalClock clock = new LocalClock();
  private final FaultPlan faults = new FaultPlan();
  private final List<String> regions;
  private final int dnsQueries;
  private final LocalApi api;
  private final LocalDns dns;
  private final LocalSes ses;
  private final LocalSns sns;
  private final URI sesUrl;
  private final URI snsUrl;
  private final LocalTable table;
  private final Map<String, String> environment;
  private final Map<String, String> watchEnvironment;
  private final Map<String, String> pageEnvironment;
  private final WatchRuns runs;

  /** Starts everything, or nothing: what is already open is closed when a port is taken. */
  public LocalCloud(Options options, Functions.Factory functionsFactory) {
    regions = options.regions();
    dnsQueries = options.dnsQueries();
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
      // Somebody reads the alerts: the messages are shown, not sent.
      sns.subscribe(sns.topic("alerts"), "email", "you@example.com", true);
      sns.subscribe(sns.topic("operations"), "email", "you@example.com", true);
      Template whole = Template.read();
      Template.Rendered template = whole.render(parameters(whole, options), this::name);
      environment = environment(template, "SettingsFunction");
      watchEnvironment = environment(template, "WatchFunction");
      pageEnvironment = environment(template, "PageFunction");
      Functions functions = opened(functions(functionsFactory));
      runs = opened(new WatchRuns(functions, (job, time) -> input(template, job, time), clock));
      api.start(functions, new Controls(clock, dns, ses, sns, faults, runs, regions));
      // The first minute of a stack is over: watch has put into the table what may be changed.
      Object _ = runs.run(WatchRuns.Job.APPLY, clock.instant());
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

  private Map<String, String> parameters(Template template, Options options) {
    Map<String, String> parameters = new HashMap<>(options.parameters());
    parameters.put("Regions", String.join(",", regions));
    double share = Double.parseDouble(template.defaults().getOrDefault("PaceShare", ""));
    parameters.putIfAbsent("PaceShare", Double.toString(share * options.pace()));
    return parameters;
  }

  /** What the template's things are called here. */
  public Object name(String logicalId, String attribute) {
    boolean isName = attribute.isEmpty();
    if (logicalId.equals(TemplateTable.LOGICAL_ID) && isName) {
      return table.name();
    }
    if (logicalId.endsWith("Topic") && isName) {
      String name = logicalId.substring(0, logicalId.length() - "Topic".length());
      return sns.topic(name.toLowerCase(Locale.ROOT));
    }
    return Template.Names.any(logicalId, attribute);
  }

  /** What the template's schedule sends. */
  private static Map<String, Object> input(
      Template.Rendered template, WatchRuns.Job job, Instant time) {
    String schedule = job == WatchRuns.Job.READ ? "Read" : "Apply";
    try {
      return JSON.readValue(
          template.input("WatchFunction", schedule, time.toString()), new TypeReference<>() {});
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("the schedule's input is no JSON", e);
    }
  }

  /** The environment of a function by a template's other parameters, and where the services are. */
  public Map<String, String> environment(Template.Rendered template, String function) {
    Map<String, String> variables = new TreeMap<>(template.environment(function));
    variables.put("AWS_REGION", regions.getFirst());
    variables.put("AWS_ACCESS_KEY_ID", "local");
    variables.put("AWS_SECRET_ACCESS_KEY", "local");
    variables.put("AWS_ENDPOINT_URL_SES", sesUrl.toString());
    variables.put("AWS_ENDPOINT_URL_SNS", snsUrl.toString());
    variables.put("AWS_ENDPOINT_URL_DYNAMODB", table.url().toString());
    // Here the API answers at another address.
    variables.computeIfPresent("MAILFROM_API_URL", (_, _) -> api.url().toString());
    variables.put("MAILFROM_DNS", "127.0.0.1:" + dns.port());
    variables.put("MAILFROM_DNS_QUERIES", Integer.toString(dnsQueries));
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

  /** The watched Regions, the functions' own first. */
  public List<String> regions() {
    return regions;
  }

  /** DynamoDB. */
  public LocalTable table() {
    return table;
  }

  /** The planned faults. */
  public FaultPlan faults() {
    return faults;
  }

  /** The environment of the function settings. */
  public Map<String, String> environment() {
    return environment;
  }

  /** Makes the functions once more, as in other processes: for the environments of these. */
  public Functions functions(Functions.Factory factory) {
    return factory.make(environment, watchEnvironment, pageEnvironment);
  }

  /** The environment of the function watch. */
  public Map<String, String> watchEnvironment() {
    return watchEnvironment;
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
