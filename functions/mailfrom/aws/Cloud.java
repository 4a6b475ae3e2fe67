package mailfrom.aws;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import mailfrom.app.Batches;
import mailfrom.app.Configuration;
import mailfrom.app.Identities;
import mailfrom.app.Leases;
import mailfrom.app.MachineClock;
import mailfrom.app.Pace;
import mailfrom.app.PacedTopics;
import mailfrom.app.Regions;
import mailfrom.app.Ses;
import mailfrom.app.Topics;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.api.RetryStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.ses.SesClient;
import software.amazon.awssdk.services.sns.SnsClient;

/** AWS as an installation's functions see it: the adapters, made from the environment. */
public record Cloud(
    Ses ses,
    Identities identities,
    Regions regions,
    Batches batches,
    Leases leases,
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
    Table table =
        new Table(
            clients
                .with(
                    DynamoDbClient.builder(),
                    "DYNAMODB",
                    home,
                    AwsRetryStrategy.standardRetryStrategy())
                .build(),
            configuration.table(),
            configuration.account());
    SnsClient sns =
        clients
            .with(SnsClient.builder(), "SNS", home, AwsRetryStrategy.standardRetryStrategy())
            .build();
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
                        new SlotMissed.Guard(clock))
                    .build()),
        new DynamoIdentities(table),
        new DynamoRegions(table),
        new DynamoBatches(table),
        new DynamoLeases(table, clock),
        new Pace(new DynamoSlots(table), clock, configuration.paceShare()),
        new PacedTopics(new SnsTopics(sns, configuration.topics()), clock));
  }

  private record Clients(Map<String, String> environment) {

    <C, B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>> B with(
        B builder,
        String service,
        Region region,
        RetryStrategy retries,
        ExecutionInterceptor... interceptors) {
      builder
          .region(region)
          .httpClientBuilder(
              UrlConnectionHttpClient.builder()
                  .connectionTimeout(CONNECT_WITHIN)
                  .socketTimeout(ANSWER_WITHIN))
          .overrideConfiguration(
              o -> o.retryStrategy(retries).executionInterceptors(List.of(interceptors)));
      String endpoint = environment.get("AWS_ENDPOINT_URL_" + service);
      if (endpoint != null) {
        // Not the real AWS: the credentials are those that its environment names.
        builder
            .endpointOverride(URI.create(endpoint))
            .credentialsProvider(
                StaticCredentialsProvider.create(
                    AwsBasicCredentials.create(
                        environment.getOrDefault("AWS_ACCESS_KEY_ID", "local"),
                        environment.getOrDefault("AWS_SECRET_ACCESS_KEY", "local"))));
      }
      return builder;
    }
  }
}
