package mailfrom.aws;

import java.io.UncheckedIOException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import mailfrom.app.pace.CallResult;
import mailfrom.app.pace.Slot;
import mailfrom.app.read.AnswersByName;
import mailfrom.app.read.Ses;
import mailfrom.domain.name.DomainName;
import mailfrom.domain.name.IdentityName;
import mailfrom.domain.ses.BehaviorOnMxFailure;
import mailfrom.domain.ses.Dkim;
import mailfrom.domain.ses.Live;
import mailfrom.domain.ses.MailFromStatus;
import mailfrom.domain.ses.Settings;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ses.SesClient;
import software.amazon.awssdk.services.ses.model.IdentityDkimAttributes;
import software.amazon.awssdk.services.ses.model.IdentityMailFromDomainAttributes;
import software.amazon.awssdk.services.ses.model.ReceiptRule;
import software.amazon.awssdk.services.ses.model.VerificationStatus;

/** SES by the SDK: one client a Region, no retries, answers as values. */
public final class SdkSes implements Ses {
  /** The most names of a list that SES gives in one call. */
  private static final int PAGE = 1000;

  /** Whoever reads what is listed can begin before a whole page is taken apart. */
  private static final int FIRST_PAGE = 200;

  private static final List<String> THROTTLING =
      List.of(
          "Throttling", "ThrottlingException", "RequestLimitExceeded", "TooManyRequestsException");

  /** What an account gets for a Region that it has not enabled. */
  private static final List<String> NOT_ENABLED =
      List.of("InvalidClientTokenId", "UnrecognizedClientException", "OptInRequired");

  private final Function<String, SesClient> clientOfRegion;
  private final Map<String, SesClient> clients = new ConcurrentHashMap<>();

  /** Some answers want an empty text where the model says to leave the domain out. */
  private volatile boolean clearsByEmptyText;

  /**
   * Makes the adapter.
   *
   * @param clientOfRegion makes a client that does not retry by itself
   */
  public SdkSes(Function<String, SesClient> clientOfRegion) {
    this.clientOfRegion = clientOfRegion;
  }

  private SesClient client(String region) {
    return clients.computeIfAbsent(region, clientOfRegion);
  }

  private static Consumer<AwsRequestOverrideConfiguration.Builder> in(Slot slot) {
    return call -> call.putExecutionAttribute(SesCallGuard.SLOT, slot);
  }

  @Override
  public CallResult<Page> list(Slot slot, String region, @Nullable String token) {
    return ask(
        region,
        () -> {
          var answer =
              client(region)
                  .listIdentities(
                      r ->
                          r.maxItems(token == null ? FIRST_PAGE : PAGE)
                              .nextToken(token)
                              .overrideConfiguration(in(slot)));
          List<IdentityName> names = new ArrayList<>();
          List<String> cannotWatch = new ArrayList<>();
          for (String identity : answer.identities()) {
            IdentityName.ofListed(identity)
                .ifPresentOrElse(names::add, () -> cannotWatch.add(identity));
          }
          String next = answer.nextToken();
          return new Page(names, cannotWatch, next == null || next.isEmpty() ? null : next);
        });
  }

  @Override
  public CallResult<MailFrom> mailFrom(Slot slot, String region, List<IdentityName> names) {
    return ask(
        region,
        () -> {
          var answers =
              client(region)
                  .getIdentityMailFromDomainAttributes(
                      r -> r.identities(texts(names)).overrideConfiguration(in(slot)))
                  .mailFromDomainAttributes();
          Map<IdentityName, Live> live = new HashMap<>();
          Map<IdentityName, String> unknownWords = new HashMap<>();
          AnswersByName.of(names, answers)
              .forEach(
                  (name, answer) ->
                      live(answer)
                          .ifPresentOrElse(
                              found -> live.put(name, found),
                              () -> unknownWords.put(name, words(answer))));
          return new MailFrom(live, unknownWords);
        });
  }

  private static Optional<Live> live(IdentityMailFromDomainAttributes answer) {
    String domain = answer.mailFromDomain();
    if (domain == null || domain.isEmpty()) {
      return Optional.of(Live.NONE);
    }
    String behavior = answer.behaviorOnMXFailureAsString();
    return DomainName.parse(domain)
        .toOptional()
        .flatMap(
            name ->
                BehaviorOnMxFailure.ofWord(behavior == null ? "UseDefaultValue" : behavior)
                    .flatMap(
                        known ->
                            Optional.ofNullable(answer.mailFromDomainStatusAsString())
                                .flatMap(MailFromStatus::ofWord)
                                .map(status -> new Live(name, known, status))));
  }

  private static String words(IdentityMailFromDomainAttributes answer) {
    return "%s %s %s"
        .formatted(
            answer.mailFromDomain(),
            answer.behaviorOnMXFailureAsString(),
            answer.mailFromDomainStatusAsString());
  }

  @Override
  public CallResult<Map<IdentityName, Boolean>> verified(
      Slot slot, String region, List<IdentityName> names) {
    return ask(
        region,
        () ->
            ofNames(
                names,
                client(region)
                    .getIdentityVerificationAttributes(
                        r -> r.identities(texts(names)).overrideConfiguration(in(slot)))
                    .verificationAttributes(),
                answer -> answer.verificationStatus() == VerificationStatus.SUCCESS));
  }

  @Override
  public CallResult<Map<IdentityName, Dkim>> dkim(
      Slot slot, String region, List<IdentityName> names) {
    return ask(
        region,
        () ->
            ofNames(
                names,
                client(region)
                    .getIdentityDkimAttributes(
                        r -> r.identities(texts(names)).overrideConfiguration(in(slot)))
                    .dkimAttributes(),
                SdkSes::dkim));
  }

  private static Dkim dkim(IdentityDkimAttributes answer) {
    boolean enabled = Boolean.TRUE.equals(answer.dkimEnabled());
    return switch (answer.dkimVerificationStatus()) {
      case SUCCESS -> enabled ? Dkim.SIGNS : Dkim.DOES_NOT_SIGN;
      case NOT_STARTED -> enabled ? Dkim.DOES_NOT_SIGN : Dkim.BARE;
      case PENDING, FAILED, TEMPORARY_FAILURE -> Dkim.DOES_NOT_SIGN;
      case UNKNOWN_TO_SDK_VERSION -> Dkim.BARE;
    };
  }

  @Override
  public CallResult<Map<IdentityName, Boolean>> forwarding(
      Slot slot, String region, List<IdentityName> names) {
    return ask(
        region,
        () ->
            ofNames(
                names,
                client(region)
                    .getIdentityNotificationAttributes(
                        r -> r.identities(texts(names)).overrideConfiguration(in(slot)))
                    .notificationAttributes(),
                answer -> Boolean.TRUE.equals(answer.forwardingEnabled())));
  }

  @Override
  public CallResult<List<String>> receiptRecipients(Slot slot, String region) {
    return ask(
        region,
        () -> {
          List<String> recipients = new ArrayList<>();
          for (ReceiptRule rule :
              client(region)
                  .describeActiveReceiptRuleSet(r -> r.overrideConfiguration(in(slot)))
                  .rules()) {
            if (Boolean.TRUE.equals(rule.enabled())) {
              recipients.addAll(rule.recipients().isEmpty() ? List.of("") : rule.recipients());
            }
          }
          return recipients;
        });
  }

  @Override
  public SetAnswer set(Slot slot, String region, IdentityName name, Settings settings) {
    DomainName domain = settings.mailFromDomain();
    boolean emptyText = domain == null && clearsByEmptyText;
    try {
      var _ =
          client(region)
              .setIdentityMailFromDomain(
                  r ->
                      r.identity(name.value())
                          .mailFromDomain(domain == null ? (emptyText ? "" : null) : domain.value())
                          .behaviorOnMXFailure(settings.behaviorOnMxFailure().word())
                          .overrideConfiguration(in(slot)));
      return new SetAnswer.Done();
    } catch (AwsServiceException e) {
      boolean wantsEmptyText =
          domain == null
              && !emptyText
              && code(e).equals("InvalidParameterValue")
              && !message(e).contains("does not exist");
      if (wantsEmptyText) {
        clearsByEmptyText = true;
        return new SetAnswer.Again();
      }
      return refusal(e);
    } catch (SesCallGuard.SlotMissed e) {
      return new SetAnswer.Again();
    } catch (SdkClientException | SesCallGuard.BrokenAnswer | UncheckedIOException e) {
      return new SetAnswer.Unknown(words(e));
    }
  }

  private static SetAnswer refusal(AwsServiceException e) {
    if (isThrottling(e)) {
      return new SetAnswer.Throttled();
    }
    if (e.statusCode() >= 500) {
      return new SetAnswer.Unknown(code(e) + ": " + message(e));
    }
    return message(e).contains("not verified")
        ? new SetAnswer.NotVerified(message(e))
        : new SetAnswer.Refused(message(e));
  }

  private static <A, T> Map<IdentityName, T> ofNames(
      List<IdentityName> names, Map<String, A> answers, Function<A, T> fact) {
    Map<IdentityName, T> facts = new HashMap<>();
    AnswersByName.of(names, answers).forEach((name, answer) -> facts.put(name, fact.apply(answer)));
    return facts;
  }

  private static List<String> texts(List<IdentityName> names) {
    return names.stream().map(IdentityName::value).toList();
  }

  private interface Call<T> {
    T make();
  }

  private static <T> CallResult<T> ask(String region, Call<T> call) {
    try {
      return new CallResult.Answered<>(call.make());
    } catch (AwsServiceException e) {
      return new CallResult.NotAnswered<>(kind(e), code(e) + ": " + message(e));
    } catch (SesCallGuard.SlotMissed e) {
      return new CallResult.NotAnswered<>(CallResult.Kind.SLOT_MISSED, words(e));
    } catch (SdkException | SesCallGuard.BrokenAnswer | UncheckedIOException e) {
      return new CallResult.NotAnswered<>(
          hasNoHost(e) && !isKnown(region)
              ? CallResult.Kind.REGION_WITHOUT_SES
              : CallResult.Kind.FAILED,
          words(e));
    }
  }

  private static CallResult.Kind kind(AwsServiceException e) {
    if (isThrottling(e)) {
      return CallResult.Kind.THROTTLED;
    }
    if (NOT_ENABLED.contains(code(e))) {
      return CallResult.Kind.REGION_NOT_ENABLED;
    }
    // Any other refusal may be a fault of our own role: then nothing is watched anywhere.
    return message(e).contains("service control policy")
        ? CallResult.Kind.REGION_DENIED
        : CallResult.Kind.FAILED;
  }

  private static boolean hasNoHost(Throwable e) {
    return e instanceof UnknownHostException || (e.getCause() != null && hasNoHost(e.getCause()));
  }

  /** A Region that is newer than the SDK is believed when it answers. */
  private static boolean isKnown(String region) {
    return SesClient.serviceMetadata().regions().contains(Region.of(region));
  }

  private static String words(Throwable e) {
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message;
  }

  private static boolean isThrottling(AwsServiceException e) {
    return THROTTLING.contains(code(e)) || e.statusCode() == 429;
  }

  private static String code(AwsServiceException e) {
    var details = e.awsErrorDetails();
    return details == null || details.errorCode() == null ? "" : details.errorCode();
  }

  private static String message(AwsServiceException e) {
    var details = e.awsErrorDetails();
    return details == null || details.errorMessage() == null ? words(e) : details.errorMessage();
  }
}
