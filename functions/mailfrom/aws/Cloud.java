package mailfrom.aws;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.random.RandomGenerator;
import mailfrom.app.Configuration;
import mailfrom.app.batch.BatchStore;
import mailfrom.app.pace.LeaseStore;
import mailfrom.app.pace.MachineClock;
import mailfrom.app.pace.Pace;
import mailfrom.app.pace.RequestDeadline;
import mailfrom.app.read.Ses;
import mailfrom.app.settings.ManagedStore;
import mailfrom.app.store.IdentityStore;
import mailfrom.app.store.RegionState;
import mailfrom.app.store.RegionStore;
import mailfrom.app.tell.RateLimitedTopics;
import mailfrom.app.tell.Topics;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.name.IdentityKey;
import mailfrom.domain.name.IdentityName;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.ClientType;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.warmup.SdkWarmUpProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.api.RetryStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.ses.SesClient;
import software.amazon.awssdk.services.sns.SnsClient;

/** AWS as an installation's functions see it: the adapters, made from the environment. */
public record Cloud(
    Ses ses,
    IdentityStore identities,
    RegionStore regions,
    BatchStore batches,
    LeaseStore leases,
    ManagedStore managed,
    Pace pace,
    Topics topics) {
  private static final Duration CONNECT_WITHIN = Duration.ofSeconds(2);
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(5);

  /**
   * Makes the clients. No call is made, and no connection opened.
   *
   * @param environment may name other endpoints, as the SDK knows them (AWS_ENDPOINT_URL_SES …)
   */
  public static Cloud of(
      Configuration configuration, Map<String, String> environment, MachineClock clock) {
    Clients clients = new Clients(environment);
    Region home =
        Region.of(environment.getOrDefault("AWS_REGION", configuration.regions().getFirst()));
    // No seed: it would come twice out of one snapshot.
    RandomGenerator random = new SecureRandom();
    Table table =
        new Table(
            clients
                .with(
                    DynamoDbClient.builder(),
                    "DYNAMODB",
                    home,
                    new RetriesInTime(AwsRetryStrategy.standardRetryStrategy()))
                .build(),
            configuration.table(),
            configuration.account(),
            new Retry(clock, random::nextDouble));
    return new Cloud(
        // A retry towards SES takes a new slot, so the SDK makes none of its own.
        new SdkSes(
            region ->
                clients
                    .with(
                        SesClient.builder(),
                        "SES",
                        Region.of(region),
                        AwsRetryStrategy.doNotRetry(),
                        new SesCallGuard(clock))
                    .build()),
        new DynamoIdentityStore(table),
        new DynamoRegionStore(table),
        new DynamoBatchStore(table),
        new DynamoLeaseStore(table, clock),
        new DynamoManagedStore(table),
        new Pace(new DynamoSlotStore(table), clock, configuration.paceShare()),
        new RateLimitedTopics(
            new SnsTopics(
                () ->
                    clients
                        .with(
                            SnsClient.builder(),
                            "SNS",
                            home,
                            AwsRetryStrategy.standardRetryStrategy())
                        .build(),
                configuration.topics()),
            clock));
  }

  /**
   * Loads what calls go through, before there is one: by the SDK's own preparation of clients (not
   * {@code SdkWarmUp}, which connects to AWS as well), and by a row that is written and read.
   */
  public static void warmUp() {
    Set<String> used =
        Set.of(
            DynamoDbClient.class.getName(), SesClient.class.getName(), SnsClient.class.getName());
    for (SdkWarmUpProvider provider : ServiceLoader.load(SdkWarmUpProvider.class)) {
      if (used.contains(provider.syncClientClassName())) {
        provider.warmUpClient(ClientType.SYNC);
      }
    }
    IdentityKey key = new IdentityKey("", "", IdentityName.of("warm-up.example"));
    IdentityState _ =
        StateJson.read(StateJson.write(IdentityState.unseen(key)), IdentityState.class);
    RegionState _ = StateJson.read(StateJson.write(RegionState.unseen("")), RegionState.class);
  }

  /** Makes clients. */
  private record Clients(Map<String, String> environment) {

    <C, B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>> B with(
        B builder,
        String service,
        Region region,
        RetryStrategy retries,
        ExecutionInterceptor... interceptors) {
      builder
          .region(region)
          .overrideConfiguration(
              o -> o.retryStrategy(retries).executionInterceptors(List.of(interceptors)))
          .httpClient(UrlConnectionHttpClient.create(Clients::connection));
      String endpoint = environment.get("AWS_ENDPOINT_URL_" + service);
      if (endpoint != null) {
        builder.endpointOverride(URI.create(endpoint));
      }
      String keyId = environment.get("AWS_ACCESS_KEY_ID");
      String secret = environment.get("AWS_SECRET_ACCESS_KEY");
      if (endpoint != null && keyId != null && secret != null) {
        // Not the real AWS: the credentials are those that this environment names. Elsewhere the
        // SDK
        // looks for them at the first call: after a snapshot was restored they are others.
        String token = environment.get("AWS_SESSION_TOKEN");
        builder.credentialsProvider(
            token == null
                ? fixed(keyId, secret)
                : StaticCredentialsProvider.create(
                    AwsSessionCredentials.create(keyId, secret, token)));
      }
      return builder;
    }

    /**
     * A connection of the JDK, with its own TLS. The SDK's factory makes a TLS context a client,
     * while this process starts.
     */
    private static HttpURLConnection connection(URI uri) {
      try {
        HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
        connection.setConnectTimeout(millis(CONNECT_WITHIN));
        connection.setReadTimeout(millis(ANSWER_WITHIN));
        return connection;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static int millis(Duration within) {
      return Math.toIntExact(RequestDeadline.atMost(within).toMillis());
    }

    private static AwsCredentialsProvider fixed(String keyId, String secret) {
      return StaticCredentialsProvider.create(AwsBasicCredentials.create(keyId, secret));
    }
  }
}
