package mailfrom.aws;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import mailfrom.app.pace.MachineClock;
import mailfrom.app.pace.Slot;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.interceptor.SdkExecutionAttribute;

/**
 * What is held against each call to SES: that it leaves in its slot, and that a successful answer
 * is SES's. The SDK makes an empty answer of an empty body or of a proxy's page, without a word.
 */
final class SesCallGuard implements ExecutionInterceptor {
  /** The slot that a call was given. */
  static final ExecutionAttribute<Slot> SLOT = new ExecutionAttribute<>("mailfrom.slot");

  /** The root element stands here, whatever is in front of it. */
  private static final int HEAD = 1024;

  private final MachineClock clock;

  SesCallGuard(MachineClock clock) {
    this.clock = clock;
  }

  /**
   * A call to SES that was ready to leave only after its slot was over, and so was not sent: a
   * first call in a process loads classes and signs for longer than a slot lasts. Not one of the
   * SDK's exceptions: those it hands on as others.
   */
  static final class SlotMissed extends RuntimeException {
    private static final long serialVersionUID = 1;

    private SlotMissed() {
      super("the slot was over before the call left");
    }
  }

  /** An answer with a good status that is not one of SES's. */
  static final class BrokenAnswer extends RuntimeException {
    private static final long serialVersionUID = 1;

    private BrokenAnswer(String operation) {
      super("the answer is none of %s's: its envelope is missing".formatted(operation));
    }
  }

  /** The last thing before a call is sent. */
  @Override
  public void beforeTransmission(
      Context.BeforeTransmission context, ExecutionAttributes attributes) {
    Slot slot = attributes.getAttribute(SLOT);
    if (slot == null) {
      throw new IllegalStateException("a call to SES without a slot");
    }
    if (slot.isOver(clock.now())) {
      throw new SlotMissed();
    }
  }

  @Override
  public Optional<InputStream> modifyHttpResponseContent(
      Context.ModifyHttpResponse context, ExecutionAttributes attributes) {
    if (!context.httpResponse().isSuccessful()) {
      return context.responseBody();
    }
    String operation = attributes.getAttribute(SdkExecutionAttribute.OPERATION_NAME);
    InputStream body =
        new BufferedInputStream(context.responseBody().orElseGet(InputStream::nullInputStream));
    if (!head(body).contains("<" + operation + "Response")) {
      throw new BrokenAnswer(operation);
    }
    return Optional.of(body);
  }

  private static String head(InputStream body) {
    try {
      body.mark(HEAD);
      byte[] head = body.readNBytes(HEAD);
      body.reset();
      return new String(head, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
