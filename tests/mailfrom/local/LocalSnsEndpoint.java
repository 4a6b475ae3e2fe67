package mailfrom.local;

import java.net.URI;
import java.time.Duration;

/**
 * The HTTP door of {@link LocalSns}, for AWS SDKs and the AWS CLI with an endpoint URL and any
 * credentials.
 */
public final class LocalSnsEndpoint implements AutoCloseable {
  private final QueryEndpoint endpoint;

  /** A door on a free port that holds a call which gets no answer for 30 s. */
  public LocalSnsEndpoint(LocalSns sns) {
    this(sns, 0, Duration.ofSeconds(30));
  }

  /**
   * A door on the port; a call that gets no answer is held so long before the connection is closed.
   */
  public LocalSnsEndpoint(LocalSns sns, int port, Duration hold) {
    endpoint = new QueryEndpoint(port, "http://sns.amazonaws.com/doc/2010-03-31/", sns::call, hold);
  }

  /** The endpoint URL. */
  public URI url() {
    return endpoint.url();
  }

  @Override
  public void close() {
    endpoint.close();
  }
}
