package mailfrom.app.pace;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** The machine's clock as it runs. */
public final class SystemMachineClock implements MachineClock {
  private final InstantSource source = InstantSource.system();

  @Override
  public Instant now() {
    return source.instant();
  }

  @Override
  public void sleepUntil(Instant instant) {
    Duration left = Duration.between(now(), instant);
    if (left.isPositive()) {
      try {
        Thread.sleep(left);
      } catch (InterruptedException e) {
        throw new Interrupted(e);
      }
    }
  }
}
