package mailfrom.e2e;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ProtocolFamily;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketImpl;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;
import java.util.concurrent.atomic.AtomicInteger;
import mailfrom.api.OpenDoor;
import mailfrom.api.SettingsHandler;
import mailfrom.app.Configuration;

/**
 * The function settings, rehearsed in a JVM that refuses every socket and counts how often one was
 * wanted. Each answer is that count, {@code tcp/udp}; any other path than {@code /count} calls the
 * function first. For a process of its own, started with {@link #JVM_OPTION}. The runtime interface
 * client asks for its events outside of Java, and is not refused; around a snapshot it would be.
 */
public final class RefusedSockets
    implements RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> {
  static final String JVM_OPTION =
      "-Djava.nio.channels.spi.SelectorProvider=" + Channels.class.getName();

  private static final AtomicInteger TCP = new AtomicInteger();
  private static final AtomicInteger UDP = new AtomicInteger();

  private final SettingsHandler settings;

  /** Refuses from now on. */
  @SuppressWarnings("deprecation") // Nothing else reaches every socket of a process.
  public RefusedSockets() {
    try {
      Socket.setSocketImplFactory(Refusing::new);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    settings = new SettingsHandler(System.getenv());
    OpenDoor.rehearse(Configuration.of(System.getenv()));
  }

  @Override
  public APIGatewayV2HTTPResponse handleRequest(APIGatewayV2HTTPEvent event, Context context) {
    if (!event.getRawPath().equals("/count")) {
      try {
        var _ = settings.handleRequest(event, context);
      } catch (RuntimeException e) {
        System.out.println("failed, as it has to without a network: " + e);
      }
    }
    return APIGatewayV2HTTPResponse.builder().withStatusCode(200).withBody(TCP + "/" + UDP).build();
  }

  private static SocketException refused() {
    return new SocketException("refused by the test");
  }

  /** Channels that cannot be opened: the DNS adapter speaks through them. */
  public static final class Channels extends SelectorProvider {
    @Override
    public DatagramChannel openDatagramChannel() throws IOException {
      UDP.incrementAndGet();
      throw refused();
    }

    @Override
    public DatagramChannel openDatagramChannel(ProtocolFamily family) throws IOException {
      return openDatagramChannel();
    }

    @Override
    public Pipe openPipe() throws IOException {
      throw refused();
    }

    @Override
    public AbstractSelector openSelector() throws IOException {
      UDP.incrementAndGet();
      throw refused();
    }

    @Override
    public ServerSocketChannel openServerSocketChannel() throws IOException {
      throw refused();
    }

    @Override
    public SocketChannel openSocketChannel() throws IOException {
      TCP.incrementAndGet();
      throw refused();
    }
  }

  private static final class Refusing extends SocketImpl {
    @Override
    protected void create(boolean stream) throws IOException {
      (stream ? TCP : UDP).incrementAndGet();
      throw refused();
    }

    @Override
    protected void connect(String host, int port) throws IOException {
      throw refused();
    }

    @Override
    protected void connect(InetAddress address, int port) throws IOException {
      throw refused();
    }

    @Override
    protected void connect(SocketAddress address, int timeout) throws IOException {
      throw refused();
    }

    @Override
    protected void bind(InetAddress host, int port) throws IOException {
      throw refused();
    }

    @Override
    protected void listen(int backlog) throws IOException {
      throw refused();
    }

    @Override
    protected void accept(SocketImpl socket) throws IOException {
      throw refused();
    }

    @Override
    protected InputStream getInputStream() throws IOException {
      throw refused();
    }

    @Override
    protected OutputStream getOutputStream() throws IOException {
      throw refused();
    }

    @Override
    protected int available() {
      return 0;
    }

    @Override
    protected void close() {
      // Was never open.
    }

    @Override
    protected void sendUrgentData(int data) throws IOException {
      throw refused();
    }

    @Override
    public void setOption(int option, Object value) throws SocketException {
      throw refused();
    }

    @Override
    public Object getOption(int option) throws SocketException {
      throw refused();
    }
  }
}
