package mailfrom.local;

import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.dynamodb.services.local.server.LocalDynamoDBRequestHandler;
import software.amazon.dynamodb.services.local.server.LocalDynamoDBServerHandler;

/**
 * The real DynamoDB Local, in memory, with the template's one table in it.
 *
 * <p>Its own server listens on all addresses; here its handler stands behind a connector on
 * 127.0.0.1. Some of its threads outlive {@link #close}: a main program has to exit explicitly.
 */
public final class LocalTable implements AutoCloseable {
  private static final String TARGET = "X-Amz-Target";
  private static final int NO_DELAYED_CLOSE = 0;

  private final FaultPlan faults;
  private final Duration hold;
  private final String name;
  private final LocalDynamoDBRequestHandler database;
  private final Server server;
  private final ServerConnector connector;
  private final CountDownLatch closing = new CountDownLatch(1);

  /**
   * A table on a free port, without planned faults. Its rows stay: DynamoDB deletes what has
   * expired by the machine's clock, and the clock of a test stands where it likes.
   */
  public LocalTable(String name) {
    this(name, 0, new FaultPlan(), Duration.ofSeconds(30), false);
  }

  /**
   * Starts at once, and makes the table; port 0 takes a free one. A call that gets no answer is
   * held so long before the connection is closed.
   */
  public LocalTable(String name, int port, FaultPlan faults, Duration hold) {
    this(name, port, faults, hold, true);
  }

  private LocalTable(String name, int port, FaultPlan faults, Duration hold, boolean expires) {
    this.name = name;
    this.faults = faults;
    this.hold = hold;
    QueuedThreadPool threads = new QueuedThreadPool(64, 4);
    threads.setName("local-table");
    threads.setDaemon(true);
    server = new Server(threads);
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
    connector.setHost("127.0.0.1");
    connector.setPort(port);
    server.addConnector(connector);
    try {
      // The port first: nothing is to be undone when it is taken.
      connector.open();
      database = new LocalDynamoDBRequestHandler(0, true, null, true, false);
      server.setHandler(new Faulty(new LocalDynamoDBServerHandler(database, null)));
      server.setStopTimeout(NO_DELAYED_CLOSE);
      server.start();
    } catch (Exception e) {
      throw new IllegalStateException("port " + port + " of 127.0.0.1 cannot serve DynamoDB", e);
    }
    create(expires);
  }

  /** Makes a table of this name, as the template's. */
  private void create(boolean expires) {
    try (DynamoDbClient client = client()) {
      TemplateTable template = TemplateTable.read();
      client.createTable(template.request(name));
      if (expires) {
        template.timeToLive(name).ifPresent(client::updateTimeToLive);
      }
    }
  }

  /** The endpoint URL. */
  public URI url() {
    return URI.create("http://127.0.0.1:" + connector.getLocalPort());
  }

  /** The table's name. */
  public String name() {
    return name;
  }

  /** A new client for it, with any credentials and no second attempts. */
  public DynamoDbClient client() {
    return DynamoDbClient.builder()
        .endpointOverride(url())
        .region(Region.US_EAST_1)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
        .httpClientBuilder(UrlConnectionHttpClient.builder())
        .overrideConfiguration(
            override -> override.retryStrategy(retries -> retries.maxAttempts(1)))
        .build();
  }

  @Override
  public void close() {
    closing.countDown();
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException("DynamoDB Local does not stop", e);
    } finally {
      database.shutdown();
    }
  }

  /** Lets calls fail as planned, before or after they took effect. */
  private final class Faulty extends Handler.Wrapper {
    Faulty(Handler handler) {
      super(handler);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
      String target = request.getHeaders().get(TARGET);
      String operation = target == null ? "" : target.substring(target.indexOf('.') + 1);
      Optional<FaultPlan.Kind> fault = faults.take(FaultPlan.Service.TABLE, operation);
      if (fault.isEmpty()) {
        return super.handle(request, response, callback);
      }
      return switch (fault.get()) {
        case THROTTLING ->
            answer(
                response,
                callback,
                400,
                "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException",
                "The level of configured provisioned throughput for the table was exceeded.");
        case FAIL_BEFORE -> internalError(response, callback);
        case FAIL_AFTER ->
            super.handle(
                request,
                new Unsaid(request, response),
                Callback.from(() -> internalError(response, callback), callback::failed));
        case EMPTY_BODY, PROXY_PAGE, EMPTY_ANSWER -> throw new IllegalStateException();
        case TIMEOUT -> {
          closing.await(hold.toMillis(), TimeUnit.MILLISECONDS);
          request.getConnectionMetaData().getConnection().close();
          callback.failed(new IllegalStateException("held, then closed: a planned fault"));
          yield true;
        }
      };
    }

    private boolean internalError(Response response, Callback callback) {
      return answer(
          response,
          callback,
          500,
          "com.amazonaws.dynamodb.v20120810#InternalServerError",
          "The request processing has failed because of an unknown error.");
    }

    private boolean answer(
        Response response, Callback callback, int status, String type, String message) {
      response.setStatus(status);
      response.getHeaders().put("Content-Type", "application/x-amz-json-1.0");
      String body = "{\"__type\":\"" + type + "\",\"message\":\"" + message + "\"}";
      response.write(true, ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8)), callback);
      return true;
    }
  }

  /** An answer that nobody gets. */
  private static final class Unsaid extends Response.Wrapper {
    private final HttpFields.Mutable headers = HttpFields.build();

    Unsaid(Request request, Response response) {
      super(request, response);
    }

    @Override
    public void setStatus(int status) {
      // The real answer gets its own.
    }

    @Override
    public HttpFields.Mutable getHeaders() {
      return headers;
    }

    @Override
    public void write(boolean last, ByteBuffer content, Callback callback) {
      content.position(content.limit());
      callback.succeeded();
    }
  }
}
