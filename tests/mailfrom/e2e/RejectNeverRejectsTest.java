package mailfrom.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import mailfrom.local.DnsFault;
import mailfrom.local.DnsRecords;
import mailfrom.local.Functions;
import mailfrom.local.HandlersInProcess;
import mailfrom.local.LocalCloud;
import mailfrom.local.LocalSes;
import mailfrom.local.Switch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.ses.SesClient;
import software.amazon.awssdk.services.ses.model.MailFromDomainNotVerifiedException;

/**
 * RejectMessage, asked for without a word about activation, never rejects a mail on its way in. The
 * judge is SES: a mail is sent for every identity after every single step.
 */
@Tag("slow")
class RejectNeverRejectsTest {
  private static final String REGION = "us-east-1";
  private static final Duration AGAIN_AFTER = Duration.ofMillis(11);
  private static final Duration INTERVAL = Duration.ofMinutes(15);

  /** Enough runs for two looks at the MX before each of two calls. */
  private static final int ROUNDS = 5;

  private LocalCloud cloud;
  private Functions watch;
  private Http http;
  private SesClient sender;
  private final List<Case> cases = new ArrayList<>();

  /** Where an identity comes from. */
  private enum Start {
    /** Never had a MAIL FROM domain. */
    NEW,
    /** Sends with another MAIL FROM domain, on UseDefaultValue. */
    CUSTOM_ELSEWHERE,
    /** Sends with another MAIL FROM domain, on RejectMessage. */
    REJECTING_ELSEWHERE,
    /** Sends with this MAIL FROM domain, on UseDefaultValue. */
    CUSTOM_HERE
  }

  /** When the records of the wanted MAIL FROM domain are there. */
  private enum Records {
    BEFORE,
    AFTER,
    /** After, gone again in between, and back. */
    AFTER_AND_GONE_ONCE
  }

  private record Case(Start start, Records records) {
    String identity() {
      return (start + "." + records + ".example").toLowerCase(Locale.ROOT).replace('_', '-');
    }

    String wanted() {
      return "new." + identity();
    }

    /** What it has before it is asked for RejectMessage at the wanted domain; empty: nothing. */
    Optional<Settings> before() {
      return switch (start) {
        case NEW -> Optional.empty();
        case CUSTOM_ELSEWHERE -> Optional.of(new Settings("old." + identity(), "UseDefaultValue"));
        case REJECTING_ELSEWHERE -> Optional.of(new Settings("old." + identity(), "RejectMessage"));
        case CUSTOM_HERE -> Optional.of(new Settings(wanted(), "UseDefaultValue"));
      };
    }
  }

  private record Settings(String domain, String behavior) {}

  @BeforeEach
  void start() {
    cloud = new LocalCloud(LocalCloud.Options.forTests(), HandlersInProcess::of);
    watch = cloud.functions(HandlersInProcess::of);
    http = new Http(cloud.url());
    sender =
        SesClient.builder()
            .endpointOverride(cloud.sesUrl())
            .region(Region.of(REGION))
            .httpClientBuilder(UrlConnectionHttpClient.builder())
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("any", "any")))
            // SES is called a hundred times faster here: so is it asked again.
            .overrideConfiguration(
                o ->
                    o.retryStrategy(
                        AwsRetryStrategy.standardRetryStrategy().toBuilder()
                            .maxAttempts(20)
                            .circuitBreakerEnabled(false)
                            .backoffStrategy(BackoffStrategy.fixedDelay(AGAIN_AFTER))
                            .throttlingBackoffStrategy(BackoffStrategy.fixedDelay(AGAIN_AFTER))
                            .build()))
            .build();
  }

  @AfterEach
  void stop() {
    sender.close();
    cloud.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void rejectMessageIsReachedWithoutOneRejectedMail(boolean resets) {
    cloud.ses().set(Switch.SET_RESETS_SUCCESS, resets);
    for (Start start : Start.values()) {
      for (Records records : Records.values()) {
        if (start != Start.CUSTOM_HERE || records == Records.BEFORE) {
          cases.add(new Case(start, records));
        }
      }
    }
    prepare();
    for (Case one : cases) {
      if (one.records() == Records.BEFORE) {
        publish(one.wanted());
      }
      want(one, new Settings(one.wanted(), "RejectMessage"));
    }
    round();
    cases.stream().filter(one -> one.records() != Records.BEFORE).forEach(this::publishWanted);
    round();
    List<Case> goneOnce =
        cases.stream().filter(one -> one.records() == Records.AFTER_AND_GONE_ONCE).toList();
    for (Case one : goneOnce) {
      cloud.dns().remove(one.wanted());
      step(one, "the records are gone");
    }
    round();
    goneOnce.forEach(this::publishWanted);
    rounds();
    for (Case one : cases) {
      has(one, new Settings(one.wanted(), "RejectMessage"));
    }
  }

  /**
   * The worst case: setting again resets Success, and SES cannot read the record just then, though
   * the resolvers can. The promotion is taken back in the run that made it.
   */
  @Test
  void aPromotionThatResetSuccessIsTakenBackInItsOwnRun() {
    cloud.ses().set(Switch.SET_RESETS_SUCCESS, true);
    Case one = new Case(Start.CUSTOM_HERE, Records.BEFORE);
    cases.add(one);
    prepare();
    cloud.dns().recursiveView(one.wanted(), DnsRecords.mailFrom(REGION));
    cloud.dns().fault(one.wanted(), DnsFault.SERVFAIL);
    step(one, "the zone's own servers fail");
    cloud.ses().forgetCalls();
    want(one, new Settings(one.wanted(), "RejectMessage"));
    rounds();
    assertEquals(
        2, cloud.ses().calls("SetIdentityMailFromDomain").size(), "promoted once, and taken back");
    LocalSes.Live live = live(one);
    assertEquals(one.wanted(), live.mailFromDomain());
    assertEquals(LocalSes.OnMxFailure.USE_DEFAULT_VALUE, live.behavior());
  }

  private void prepare() {
    for (Case one : cases) {
      cloud.ses().addDomain(REGION, one.identity(), true);
    }
    for (Case one : cases) {
      step(one, "made");
      one.before().ifPresent(settings -> publish(settings.domain()));
      one.before().ifPresent(settings -> want(one, settings));
    }
    rounds();
    for (Case one : cases) {
      one.before().ifPresent(settings -> has(one, settings));
    }
  }

  private void has(Case one, Settings settings) {
    LocalSes.Live live = live(one);
    assertEquals(
        settings, new Settings(String.valueOf(live.mailFromDomain()), live.behavior().word()));
    assertEquals(LocalSes.Status.SUCCESS, live.status());
  }

  private LocalSes.Live live(Case one) {
    return cloud.ses().live(REGION, one.identity()).orElseThrow();
  }

  // ---- steps, each with a mail after it

  private void publishWanted(Case one) {
    publish(one.wanted());
    step(one, "the records are there");
  }

  private void publish(String domain) {
    cloud.dns().put(domain, DnsRecords.mailFrom(REGION));
  }

  private void want(Case one, Settings settings) {
    Http.Answer answer =
        http.put(
            "/v1/identities/" + one.identity() + "/mail-from",
            "{\"mailFromDomain\":\"%s\",\"behaviorOnMxFailure\":\"%s\"}"
                .formatted(settings.domain(), settings.behavior()));
    assertTrue(answer.status() == 200 || answer.status() == 202, answer::toString);
    step(one, "asked for " + settings);
  }

  private void rounds() {
    for (int i = 0; i < ROUNDS; i++) {
      round();
    }
  }

  private void round() {
    var _ = cloud.clock().advance(INTERVAL);
    cases.forEach(one -> step(one, "a quarter of an hour"));
    for (String job : List.of("read", "apply")) {
      var _ = watch.watch(Map.of("job", job, "time", cloud.clock().instant().toString()));
      cases.forEach(one -> step(one, "watch " + job));
    }
  }

  private void step(Case one, String what) {
    try {
      var _ =
          sender.sendEmail(
              mail ->
                  mail.source("news@" + one.identity())
                      .destination(to -> to.toAddresses("you@example.org"))
                      .message(
                          m ->
                              m.subject(s -> s.data("Hello"))
                                  .body(body -> body.text(t -> t.data("Hello")))));
    } catch (MailFromDomainNotVerifiedException e) {
      fail(
          "Mail of %s is rejected after this step: %s, with %s".formatted(one, what, live(one)), e);
    }
  }
}
