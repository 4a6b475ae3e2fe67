package mailfrom.aws;

import mailfrom.app.pace.MachineClock;
import mailfrom.app.pace.Slot;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/**
 * A call to SES that was ready to leave only after its slot was over, and so was not sent: a first
 * call in a process loads classes and signs for longer than a slot lasts. Not one of the SDK's
 * exceptions: those it hands on as others.
 */
final class SlotMissed extends RuntimeException {
  private static final long serialVersionUID = 1;

  private SlotMissed() {
    super("the slot was over before the call left");
  }

  /** Stops such calls, as the last thing before they are sent. */
  static final class Guard implements ExecutionInterceptor {
    private final MachineClock clock;

    Guard(MachineClock clock) {
      this.clock = clock;
    }

    @Override
    public void beforeTransmission(
        Context.BeforeTransmission context, ExecutionAttributes attributes) {
      if (Slot.current().filter(slot -> slot.isOver(clock.now())).isPresent()) {
        throw new SlotMissed();
      }
    }
  }
}
