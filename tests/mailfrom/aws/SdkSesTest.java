package mailfrom.aws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import mailfrom.app.Configuration;
import mailfrom.app.pace.CallResult;
import mailfrom.app.pace.MachineClock;
import mailfrom.app.pace.Slot;
import mailfrom.app.read.Ses;
import mailfrom.domain.name.DomainName;
import mailfrom.domain.name.IdentityName;
import mailfrom.domain.ses.BehaviorOnMxFailure;
import mailfrom.domain.ses.Settings;
import mailfrom.local.FaultPlan;
import mailfrom.local.HandlersInProcess;
import mailfrom.local.LocalCloud;
import mailfrom.local.LocalSes;
import mailfrom.local.Switch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ses.SesClient;

/** The adapter to SES against the local SES, by the real SDK. */
class SdkSesTest {
  private static final String REGION = "us-east-1";
  private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");
  private static final IdentityName NAME = IdentityName.of("example.com");
  private static final Settings BOUNCE =
      new Settings(DomainName.of("bounce.example.com"), BehaviorOnMxFailure.USE_DEFAULT_VALUE);

  private LocalCloud cloud;
  private Ses ses;

  @BeforeEach
  void start() {
    cloud = new LocalCloud(LocalCloud.Options.forTests(), HandlersInProcess::of);
    // Nothing here waits for a slot of its own.
    cloud.ses().paceFactor(1_000_000);
    cloud.ses().addDomain(REGION, "example.com", true);
    cloud.ses().addDomain(REGION, "example.org", true);
    ses =
        Cloud.of(Configuration.of(cloud.environment()), cloud.environment(), new StandingClock())
            .ses();
    cloud.ses().forgetCalls();
  }

  @AfterEach
  void stop() {
    cloud.close();
  }

  private static Slot slot(Instant until) {
    return new Slot(NOW.minusSeconds(1), until, Duration.ofSeconds(1));
  }

  @Test
  void aCallThatIsReadyAtTheEndOfItsSlotIsSent() {
    assertEquals(new Ses.SetAnswer.Done(), ses.set(slot(NOW), REGION, NAME, BOUNCE));
    assertEquals(1, cloud.ses().calls().size());
  }

  @Test
  void aCallThatIsReadyAfterItsSlotIsNotSent() {
    Slot over = slot(NOW.minusMillis(1));

    assertEquals(new Ses.SetAnswer.Again(), ses.set(over, REGION, NAME, BOUNCE));
    assertEquals(
        new CallResult.NotAnswered<>(
            CallResult.Kind.SLOT_MISSED, "the slot was over before the call left"),
        ses.mailFrom(over, REGION, List.of(NAME)));
    assertEquals(List.of(), cloud.ses().calls());
  }

  /** Whether SES wants an empty text is not known; each try is a call of its own, in a slot. */
  @Test
  void whereSesWantsAnEmptyTextTheNextSlotSendsIt() {
    cloud.ses().set(Switch.CLEAR_NEEDS_EMPTY_STRING, true);
    IdentityName other = IdentityName.of("example.org");

    assertEquals(new Ses.SetAnswer.Again(), ses.set(slot(NOW), REGION, NAME, Settings.NONE));
    assertEquals(new Ses.SetAnswer.Done(), ses.set(slot(NOW), REGION, NAME, Settings.NONE));
    assertEquals(new Ses.SetAnswer.Done(), ses.set(slot(NOW), REGION, other, Settings.NONE));
    assertEquals(
        List.of("InvalidParameterValue", "OK", "OK"),
        cloud.ses().calls().stream().map(LocalSes.Call::outcome).toList());
  }

  /** Field case 12: without the envelope an answer is none, whatever its status says. */
  @ParameterizedTest
  @EnumSource(names = {"EMPTY_BODY", "PROXY_PAGE"})
  void anAnswerThatIsNotSesOwnIsAFailedCall(FaultPlan.Kind kind) {
    cloud.faults().add(FaultPlan.Service.SES, "*", kind, 5);

    for (CallResult<?> answer : questions(ses)) {
      assertEquals(CallResult.Kind.FAILED, failed(answer), answer::toString);
    }
    assertInstanceOf(Ses.SetAnswer.Unknown.class, ses.set(slot(NOW), REGION, NAME, BOUNCE));
  }

  /** Field case 12 (d): what the HTTP layer throws of its own is one call that failed. */
  @Test
  void anExceptionThatIsNotTheSdksIsAFailedCall() {
    Ses broken =
        new SdkSes(
            region ->
                SesClient.builder()
                    .region(Region.of(region))
                    .credentialsProvider(AnonymousCredentialsProvider.create())
                    .overrideConfiguration(o -> o.retryStrategy(AwsRetryStrategy.doNotRetry()))
                    .httpClient(new ThrowingClient())
                    .build());

    for (CallResult<?> answer : questions(broken)) {
      assertEquals(CallResult.Kind.FAILED, failed(answer), answer::toString);
    }
    assertInstanceOf(Ses.SetAnswer.Unknown.class, broken.set(slot(NOW), REGION, NAME, BOUNCE));
  }

  private static List<CallResult<?>> questions(Ses ses) {
    List<IdentityName> names = List.of(NAME);
    return List.of(
        ses.list(slot(NOW), REGION, null),
        ses.mailFrom(slot(NOW), REGION, names),
        ses.verified(slot(NOW), REGION, names),
        ses.dkim(slot(NOW), REGION, names));
  }

  private static CallResult.Kind failed(CallResult<?> answer) {
    return assertInstanceOf(CallResult.NotAnswered.class, answer).kind();
  }

  private static final class ThrowingClient implements SdkHttpClient {
    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
      throw new UncheckedIOException(new IOException("no connection can be made"));
    }

    @Override
    public void close() {}
  }

  private static final class StandingClock implements MachineClock {
    @Override
    public Instant now() {
      return NOW;
    }

    @Override
    public void sleepUntil(Instant instant) {
      throw new AssertionError("waits " + Duration.between(NOW, instant));
    }
  }
}
