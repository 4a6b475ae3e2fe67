package mailfrom.local;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ses.SesClient;

/**
 * A local SES with its DNS and endpoint whose time stands still, and the SDK's own client for it.
 */
final class LocalSesFixture implements AutoCloseable {
  static final Instant START = Instant.parse("2026-11-24T10:00:00Z");
  static final String REGION = "us-east-1";

  final LocalClock clock = new LocalClock(InstantSource.fixed(START));
  final FaultPlan faults = new FaultPlan();
  final LocalDns dns = new LocalDns();

  /** The nanoseconds of the pace. */
  final AtomicLong nanos = new AtomicLong();

  /** How far the pace's time moves before each call. */
  Duration between = Duration.ofSeconds(1);

  final LocalSes ses = new LocalSes(clock, dns, faults, () -> nanos.addAndGet(between.toNanos()));
  final LocalSesEndpoint endpoint = new LocalSesEndpoint(ses, 0, Duration.ofSeconds(30));
  final SesClient client = client(REGION);

  SesClient client(String region) {
    return plain(SesClient.builder(), endpoint.url(), region)
        .httpClientBuilder(UrlConnectionHttpClient.builder().socketTimeout(Duration.ofSeconds(5)))
        .build();
  }

  /** Any credentials, no second attempts. */
  static <B extends AwsClientBuilder<B, C>, C> B plain(B builder, URI endpoint, String region) {
    return builder
        .endpointOverride(endpoint)
        .region(Region.of(region))
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("any", "any")))
        .overrideConfiguration(
            override -> override.retryStrategy(retries -> retries.maxAttempts(1)));
  }

  /** What is said about an identity, on one line: domain, status, behaviour. */
  String live(String identity) {
    LocalSes.Live live = ses.live(REGION, identity).orElseThrow();
    return live.mailFromDomain()
        + " "
        + (live.status() == null ? null : live.status().word())
        + " "
        + live.behavior().word();
  }

  void set(String identity, String mailFromDomain) {
    client.setIdentityMailFromDomain(set -> set.identity(identity).mailFromDomain(mailFromDomain));
  }

  void publish(String mailFromDomain) {
    dns.put(mailFromDomain, DnsRecords.mailFrom(REGION));
  }

  @Override
  public void close() {
    client.close();
    endpoint.close();
    dns.close();
  }
}
