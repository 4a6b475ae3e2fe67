package mailfrom.aws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import mailfrom.app.pace.Deadline;
import mailfrom.app.pace.MovingClock;
import mailfrom.app.pace.RequestDeadline;
import mailfrom.local.LocalClock;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.retries.api.AcquireInitialTokenRequest;
import software.amazon.awssdk.retries.api.RefreshRetryTokenRequest;
import software.amazon.awssdk.retries.api.RetryStrategy;
import software.amazon.awssdk.retries.api.TokenAcquisitionFailedException;

class RetriesInTimeTest {
  private final MovingClock clock =
      new MovingClock(new LocalClock(InstantSource.fixed(Instant.parse("2026-11-28T12:00:00Z"))));
  private final RetryStrategy retries = new RetriesInTime(AwsRetryStrategy.standardRetryStrategy());
  private final SdkClientException failure =
      SdkClientException.create("cut", new IOException("cut"));

  private Duration tryAgain() {
    var first = retries.acquireInitialToken(AcquireInitialTokenRequest.create("table"));
    return retries
        .refreshRetryToken(
            RefreshRetryTokenRequest.builder().token(first.token()).failure(failure).build())
        .delay();
  }

  @Test
  void aCallIsTriedAgainWhileThereIsTime() {
    Deadline deadline = Deadline.in(clock, Duration.ofSeconds(18));
    assertFalse(RequestDeadline.during(deadline, this::tryAgain).isNegative());
    assertFalse(tryAgain().isNegative(), "outside of a request");
  }

  @Test
  void afterTheDeadlineItIsNot() {
    Deadline deadline = Deadline.in(clock, Duration.ofSeconds(18));
    clock.sleepUntil(deadline.at().plusSeconds(1));
    var refused =
        assertThrows(
            TokenAcquisitionFailedException.class,
            () -> RequestDeadline.during(deadline, this::tryAgain));
    assertEquals(failure, refused.getCause());
  }
}
