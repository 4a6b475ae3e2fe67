package mailfrom.local;

import java.net.URI;
import java.time.Duration;

/**
 * The HTTP door of {@link LocalSes}: AWS SDKs and the AWS CLI work against it with an endpoint URL
 * and any credentials. The Region is the one that the request was signed for.
 */
public final class LocalSesEndpoint implements AutoCloseable {
  private final QueryEndpoint endpoint;

  /** A door on a free port that holds a call which gets no answer for 30 s. */
  public LocalSesEndpoint(LocalSes ses) {
    this(ses, 0, Duration.ofSeconds(30));
  }

  /**
   * A door on the port; a call that gets no answer is held so long before the connection is closed.
   */
  public LocalSesEndpoint(LocalSes ses, int port, Duration hold) {
    endpoint = new QueryEndpoint(port, "http://ses.amazonaws.com/doc/2010-12-01/", ses::call, hold);
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
