package mailfrom.bench;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import mailfrom.api.OpenDoor;
import mailfrom.api.TestEvents;
import mailfrom.app.Configuration;
import mailfrom.app.pace.LeaseStore;
import mailfrom.app.pace.MachineClock;
import mailfrom.app.pace.Pace;
import mailfrom.app.pace.SlotStore;
import mailfrom.app.pace.SystemMachineClock;
import mailfrom.app.pace.Tasks;
import mailfrom.app.read.Dns;
import mailfrom.app.read.Ses;
import mailfrom.app.settings.SettingsService;
import mailfrom.app.store.IdentityStore;
import mailfrom.app.store.RegionStore;
import mailfrom.aws.Cloud;
import mailfrom.aws.DynamoSlotStore;
import mailfrom.aws.Retry;
import mailfrom.aws.Table;
import mailfrom.bench.Outside.Place;
import mailfrom.dns.DnsjavaDns;
import mailfrom.local.HandlersInProcess;
import mailfrom.local.LocalCloud;
import mailfrom.local.LocalContext;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * A warm PUT on the local cloud: how long the function itself takes from event to answer, without
 * the waits for SES, DNS, the table and the slot. Each PUT changes the settings.
 */
final class WarmPutBench {
  private static final String REGION = "us-east-1";
  private static final int IDENTITIES = 20;
  private static final int WARM_UP = 400;
  private static final int MEASURED = 400;

  /** One PUT: from event to answer, and what of it was outside of the function. */
  private record Put(Duration whole, Outside.Spent outside) {
    Duration own() {
      return whole.minus(outside.all());
    }
  }

  private WarmPutBench() {}

  static void run() {
    try (var cloud =
        new LocalCloud(LocalCloud.Options.forTests().withTheDnsOfAStack(), HandlersInProcess::of)) {
      for (int i = 0; i < IDENTITIES; i++) {
        cloud.ses().addDomain(REGION, identity(i), true);
      }
      var _ = cloud.watch();
      Outside outside = new Outside(System::nanoTime);
      var handler = handler(cloud.environment(), outside);
      List<Put> puts = new ArrayList<>();
      for (int i = 0; i < WARM_UP + MEASURED; i++) {
        Put put = put(cloud, handler, outside, i);
        if (i >= WARM_UP) {
          puts.add(put);
        }
      }
      print(puts);
    }
  }

  private static Put put(
      LocalCloud cloud,
      RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> handler,
      Outside outside,
      int i) {
    APIGatewayV2HTTPEvent event = event(cloud, i);
    LocalContext context =
        new LocalContext("settings", InstantSource.system(), Duration.ofSeconds(29));
    var _ = outside.take();
    long begun = System.nanoTime();
    APIGatewayV2HTTPResponse answer = handler.handleRequest(event, context);
    Duration whole = Duration.ofNanos(System.nanoTime() - begun);
    if (answer.getStatusCode() != 200) {
      throw new IllegalStateException(answer.getStatusCode() + " " + answer.getBody());
    }
    return new Put(whole, outside.take());
  }

  private static RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> handler(
      Map<String, String> environment, Outside outside) {
    Configuration configuration = Configuration.of(environment);
    MachineClock clock = outside.timed(MachineClock.class, new SystemMachineClock(), Place.SLOT);
    Cloud cloud = Cloud.of(configuration, environment, clock);
    Table table =
        new Table(
            dynamo(environment),
            configuration.table(),
            configuration.account(),
            new Retry(clock, Math::random));
    SlotStore slots = outside.timed(SlotStore.class, new DynamoSlotStore(table), Place.SLOT);
    return OpenDoor.to(
        new SettingsService(
            outside.timed(Ses.class, cloud.ses(), Place.SES),
            outside.timed(IdentityStore.class, cloud.identities(), Place.TABLE),
            outside.timed(RegionStore.class, cloud.regions(), Place.TABLE),
            outside.timed(
                Dns.class,
                DnsjavaDns.of(configuration.dns(), configuration.dnsQueriesASecond()),
                Place.DNS),
            new Pace(slots, clock, configuration.paceShare()).amongMany(),
            outside.timed(LeaseStore.class, cloud.leases(), Place.SLOT),
            clock,
            Tasks.threads(),
            configuration.regions(),
            cloud.managed()::patterns,
            configuration.policy(),
            configuration::paused),
        configuration);
  }

  static DynamoDbClient dynamo(Map<String, String> environment) {
    return DynamoDbClient.builder()
        .endpointOverride(
            URI.create(Objects.requireNonNull(environment.get("AWS_ENDPOINT_URL_DYNAMODB"))))
        .region(Region.of(REGION))
        .httpClientBuilder(UrlConnectionHttpClient.builder())
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
        .build();
  }

  private static String identity(int i) {
    return "warm%02d.example".formatted(i);
  }

  private static APIGatewayV2HTTPEvent event(LocalCloud cloud, int i) {
    String identity = identity(i % IDENTITIES);
    return TestEvents.put(
            identity, "{\"mailFromDomain\":\"m%d.%s\"}".formatted(i / IDENTITIES, identity))
        .at(cloud.clock().instant())
        .event();
  }

  private static void print(List<Put> puts) {
    System.out.printf("%d warm PUTs, each with one Set; milliseconds%n", puts.size());
    System.out.printf("%-28s %8s %8s%n", "", "p50", "p99");
    row("the function's own time", puts, Put::own);
    for (Place place : Place.values()) {
      row(
          "waits: " + place,
          puts,
          put -> put.outside().byPlace().getOrDefault(place, Duration.ZERO));
    }
    row("event to answer", puts, Put::whole);
  }

  private static void row(String name, List<Put> puts, Function<Put, Duration> part) {
    List<Duration> sorted = puts.stream().map(part).sorted().toList();
    System.out.printf("%-28s %8.2f %8.2f%n", name, millis(sorted, 50), millis(sorted, 99));
  }

  private static double millis(List<Duration> sorted, int percent) {
    int index = (sorted.size() * percent + 99) / 100 - 1;
    return sorted.get(index).toNanos() / 1e6;
  }
}
