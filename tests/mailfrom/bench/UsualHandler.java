package mailfrom.bench;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import mailfrom.api.OpenDoor;
import mailfrom.app.Configuration;
import mailfrom.app.pace.Pace;
import mailfrom.app.pace.SystemMachineClock;
import mailfrom.aws.Cloud;
import mailfrom.aws.DynamoBatchStore;
import mailfrom.aws.DynamoIdentityStore;
import mailfrom.aws.DynamoLeaseStore;
import mailfrom.aws.DynamoManagedStore;
import mailfrom.aws.DynamoRegionStore;
import mailfrom.aws.DynamoSlotStore;
import mailfrom.aws.Retry;
import mailfrom.aws.SdkSes;
import mailfrom.aws.SnsTopics;
import mailfrom.aws.Table;
import mailfrom.dns.DnsjavaDns;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.ses.SesClient;
import software.amazon.awssdk.services.sns.SnsClient;

/**
 * The same work as the function settings, written the usual way: the SDK's clients as they come,
 * with the HTTP client, credentials and retries that they choose, and no preparation.
 */
public final class UsualHandler
    implements RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> {
  private final RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> handler;

  /** Wired from the environment. */
  public UsualHandler() {
    Configuration configuration = Configuration.of(System.getenv());
    SystemMachineClock clock = new SystemMachineClock();
    Table table =
        new Table(
            DynamoDbClient.create(),
            configuration.table(),
            configuration.account(),
            new Retry(clock, Math::random));
    SnsClient sns = SnsClient.create();
    handler =
        OpenDoor.to(
            configuration,
            new Cloud(
                new SdkSes(region -> SesClient.builder().region(Region.of(region)).build()),
                new DynamoIdentityStore(table),
                new DynamoRegionStore(table),
                new DynamoBatchStore(table),
                new DynamoLeaseStore(table, clock),
                new DynamoManagedStore(table),
                new Pace(new DynamoSlotStore(table), clock, configuration.paceShare()),
                new SnsTopics(() -> sns, configuration.topics())),
            DnsjavaDns.of(configuration.dns(), configuration.dnsQueriesASecond()));
  }

  @Override
  public APIGatewayV2HTTPResponse handleRequest(APIGatewayV2HTTPEvent event, Context context) {
    return handler.handleRequest(event, context);
  }
}
