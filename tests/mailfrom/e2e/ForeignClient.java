package mailfrom.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import mailfrom.local.LocalCloud;
import mailfrom.local.LocalSes;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ses.SesClient;
import software.amazon.awssdk.services.ses.model.SesException;

/**
 * Like Terraform on the same account: no slots, every other second a read and a Set at SES itself,
 * which is half of SES's pace.
 */
public final class ForeignClient implements AutoCloseable {
  private static final String FOREIGN = "foreign.example";

  private final SesClient ses;
  private final ScheduledExecutorService schedule =
      Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory());

  private ForeignClient(SesClient ses) {
    this.ses = ses;
  }

  /** Starts calling. */
  public static ForeignClient start(LocalCloud cloud, String region) {
    cloud.ses().addDomain(region, FOREIGN, true);
    ForeignClient client =
        new ForeignClient(
            SesClient.builder()
                .endpointOverride(cloud.sesUrl())
                .region(Region.of(region))
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .credentialsProvider(
                    StaticCredentialsProvider.create(
                        AwsBasicCredentials.create("foreign", "foreign")))
                .overrideConfiguration(o -> o.retryStrategy(AwsRetryStrategy.doNotRetry()))
                .build());
    var _ = client.schedule.scheduleAtFixedRate(client::call, 0, 2, TimeUnit.SECONDS);
    return client;
  }

  private void call() {
    try {
      ses.getIdentityMailFromDomainAttributes(get -> get.identities(FOREIGN));
    } catch (SesException e) {
      assertEquals("Throttling", e.awsErrorDetails().errorCode());
    }
    try {
      ses.setIdentityMailFromDomain(set -> set.identity(FOREIGN).mailFromDomain("mail." + FOREIGN));
    } catch (SesException e) {
      assertEquals("Throttling", e.awsErrorDetails().errorCode());
    }
  }

  /** Calls of others that SES throttled. */
  public static List<LocalSes.Call> throttledOthers(LocalCloud cloud) {
    return cloud.ses().calls().stream()
        .filter(call -> call.outcome().equals("Throttling"))
        .filter(call -> !FOREIGN.equals(call.identity()))
        .toList();
  }

  @Override
  public void close() {
    schedule.shutdownNow();
    ses.close();
  }
}
