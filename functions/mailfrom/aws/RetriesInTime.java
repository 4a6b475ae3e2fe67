package mailfrom.aws;

import mailfrom.app.pace.RequestDeadline;
import software.amazon.awssdk.retries.api.AcquireInitialTokenRequest;
import software.amazon.awssdk.retries.api.AcquireInitialTokenResponse;
import software.amazon.awssdk.retries.api.RecordSuccessRequest;
import software.amazon.awssdk.retries.api.RecordSuccessResponse;
import software.amazon.awssdk.retries.api.RefreshRetryTokenRequest;
import software.amazon.awssdk.retries.api.RefreshRetryTokenResponse;
import software.amazon.awssdk.retries.api.RetryStrategy;
import software.amazon.awssdk.retries.api.TokenAcquisitionFailedException;

/**
 * The SDK's retries, as far as the time of the request goes that they are made for: its pause and a
 * further try would come after the deadline otherwise.
 */
record RetriesInTime(RetryStrategy all) implements RetryStrategy {

  @Override
  public AcquireInitialTokenResponse acquireInitialToken(AcquireInitialTokenRequest request) {
    return all.acquireInitialToken(request);
  }

  @Override
  public RefreshRetryTokenResponse refreshRetryToken(RefreshRetryTokenRequest request) {
    RefreshRetryTokenResponse retry = all.refreshRetryToken(request);
    if (!RequestDeadline.allows(retry.delay())) {
      throw new TokenAcquisitionFailedException(
          "the time of the request is over", retry.token(), request.failure());
    }
    return retry;
  }

  @Override
  public RecordSuccessResponse recordSuccess(RecordSuccessRequest request) {
    return all.recordSuccess(request);
  }

  @Override
  public int maxAttempts() {
    return all.maxAttempts();
  }

  @Override
  public boolean useClientDefaults() {
    // They are in it already.
    return false;
  }

  @Override
  public Builder<?, ?> toBuilder() {
    return all.toBuilder();
  }
}
