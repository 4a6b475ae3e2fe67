package mailfrom.app.read;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import mailfrom.app.pace.CallResult;
import mailfrom.app.pace.Slot;
import mailfrom.domain.name.DomainName;
import mailfrom.domain.name.IdentityName;
import mailfrom.domain.ses.BehaviorOnMxFailure;
import mailfrom.domain.ses.Dkim;
import mailfrom.domain.ses.Live;
import mailfrom.domain.ses.MailFromStatus;
import mailfrom.domain.ses.Settings;
import mailfrom.local.LocalSes;
import mailfrom.local.QueryAnswer;
import mailfrom.local.QueryParameters;
import org.jspecify.annotations.Nullable;

/**
 * The local SES without the wire: the same operations, rules and pace, called in process. It reads
 * the answers as {@code SdkSes} does.
 */
public final class InProcessSes implements Ses {
  private static final Pattern MEMBER = Pattern.compile("<member>([^<]*)</member>");
  private static final String KEY = "<entry><key>";
  private static final String VALUE = "</key><value>";
  private static final String END = "</value></entry>";
  private static final Pattern RULE =
      Pattern.compile("<Enabled>true</Enabled>.*?<Recipients>(.*?)</Recipients>");

  private final LocalSes ses;
  private final Manner manner;

  /**
   * How SES answers here, in what nobody knows of the real one.
   *
   * @param page how many names a page of the list has
   * @param echo under which text it answers for a name
   * @param matching how an answer's texts become names: the functions' own way, unless it is a
   *     planted bug
   */
  public record Manner(int page, UnaryOperator<String> echo, Matching matching) {
    public static final Manner PLAIN =
        new Manner(1000, UnaryOperator.identity(), AnswersByName::of);
  }

  /** Whose answer is whose. */
  public interface Matching {
    <A> Map<IdentityName, A> of(List<IdentityName> names, Map<String, A> answers);
  }

  public InProcessSes(LocalSes ses) {
    this(ses, Manner.PLAIN);
  }

  public InProcessSes(LocalSes ses, Manner manner) {
    this.ses = ses;
    this.manner = manner;
  }

  @Override
  public CallResult<Page> list(Slot slot, String region, @Nullable String token) {
    Map<String, String> values = new HashMap<>(Map.of("MaxItems", String.valueOf(manner.page())));
    if (token != null) {
      values.put("NextToken", token);
    }
    return ask(
        region,
        "ListIdentities",
        values,
        xml -> {
          List<IdentityName> names = new ArrayList<>();
          List<String> cannotWatch = new ArrayList<>();
          members(xml)
              .forEach(
                  text ->
                      IdentityName.ofListed(text)
                          .ifPresentOrElse(names::add, () -> cannotWatch.add(text)));
          return new Page(names, cannotWatch, text(xml, "NextToken"));
        });
  }

  @Override
  public CallResult<MailFrom> mailFrom(Slot slot, String region, List<IdentityName> names) {
    return ask(
        region,
        "GetIdentityMailFromDomainAttributes",
        identities(names),
        xml -> new MailFrom(entries(names, xml, InProcessSes::live), Map.of()));
  }

  private static Live live(String xml) {
    String domain = text(xml, "MailFromDomain");
    return domain == null
        ? Live.NONE
        : new Live(
            DomainName.of(domain),
            BehaviorOnMxFailure.ofWord(String.valueOf(text(xml, "BehaviorOnMXFailure")))
                .orElseThrow(),
            MailFromStatus.ofWord(String.valueOf(text(xml, "MailFromDomainStatus"))).orElseThrow());
  }

  @Override
  public CallResult<Map<IdentityName, Boolean>> verified(
      Slot slot, String region, List<IdentityName> names) {
    return ask(
        region,
        "GetIdentityVerificationAttributes",
        identities(names),
        xml -> entries(names, xml, value -> "Success".equals(text(value, "VerificationStatus"))));
  }

  @Override
  public CallResult<Map<IdentityName, Dkim>> dkim(
      Slot slot, String region, List<IdentityName> names) {
    return ask(
        region,
        "GetIdentityDkimAttributes",
        identities(names),
        xml ->
            entries(
                names,
                xml,
                value ->
                    switch (String.valueOf(text(value, "DkimVerificationStatus"))) {
                      case "Success" ->
                          "true".equals(text(value, "DkimEnabled"))
                              ? Dkim.SIGNS
                              : Dkim.DOES_NOT_SIGN;
                      case "NotStarted" -> Dkim.BARE;
                      default -> Dkim.DOES_NOT_SIGN;
                    }));
  }

  @Override
  public CallResult<Map<IdentityName, Boolean>> forwarding(
      Slot slot, String region, List<IdentityName> names) {
    return ask(
        region,
        "GetIdentityNotificationAttributes",
        identities(names),
        xml -> entries(names, xml, value -> "true".equals(text(value, "ForwardingEnabled"))));
  }

  @Override
  public CallResult<List<String>> receiptRecipients(Slot slot, String region) {
    return ask(
        region,
        "DescribeActiveReceiptRuleSet",
        Map.of(),
        xml -> {
          List<String> recipients = new ArrayList<>();
          Matcher rule = RULE.matcher(xml);
          while (rule.find()) {
            List<String> named = members(rule.group(1));
            recipients.addAll(named.isEmpty() ? List.of("") : named);
          }
          return recipients;
        });
  }

  @Override
  public SetAnswer set(Slot slot, String region, IdentityName name, Settings settings) {
    Map<String, String> values =
        new HashMap<>(
            Map.of(
                "Identity", name.value(),
                "BehaviorOnMXFailure", settings.behaviorOnMxFailure().word()));
    DomainName domain = settings.mailFromDomain();
    if (domain != null) {
      values.put("MailFromDomain", domain.value());
    }
    return switch (ses.call(region, "SetIdentityMailFromDomain", new QueryParameters(values))) {
      case QueryAnswer.Done done -> new SetAnswer.Done();
      case QueryAnswer.Silence silence -> new SetAnswer.Unknown("timeout");
      case QueryAnswer.Broken broken -> new SetAnswer.Unknown("broken answer");
      case QueryAnswer.Refused(int status, String code, String message) -> {
        if (code.equals("Throttling")) {
          yield new SetAnswer.Throttled();
        }
        if (status >= 500) {
          yield new SetAnswer.Unknown(message);
        }
        yield message.contains("not verified")
            ? new SetAnswer.NotVerified(message)
            : new SetAnswer.Refused(message);
      }
    };
  }

  private <T> CallResult<T> ask(
      String region, String operation, Map<String, String> values, Function<String, T> read) {
    return switch (ses.call(region, operation, new QueryParameters(values))) {
      case QueryAnswer.Done done -> new CallResult.Answered<>(read.apply(done.resultXml()));
      case QueryAnswer.Broken broken ->
          new CallResult.NotAnswered<>(CallResult.Kind.FAILED, "broken answer");
      case QueryAnswer.Silence silence ->
          new CallResult.NotAnswered<>(CallResult.Kind.FAILED, "timeout");
      case QueryAnswer.Refused(int status, String code, String message) ->
          new CallResult.NotAnswered<>(
              switch (code) {
                case "Throttling" -> CallResult.Kind.THROTTLED;
                case "InvalidClientTokenId" -> CallResult.Kind.REGION_NOT_ENABLED;
                default -> CallResult.Kind.FAILED;
              },
              code + ": " + message);
    };
  }

  private static Map<String, String> identities(List<IdentityName> names) {
    Map<String, String> values = new LinkedHashMap<>();
    for (int i = 0; i < names.size(); i++) {
      values.put("Identities.member." + (i + 1), names.get(i).value());
    }
    return values;
  }

  private <T> Map<IdentityName, T> entries(
      List<IdentityName> names, String xml, Function<String, T> read) {
    Map<String, T> found = new LinkedHashMap<>();
    for (int at = xml.indexOf(KEY); at >= 0; at = xml.indexOf(KEY, at)) {
      int key = at + KEY.length();
      int value = xml.indexOf(VALUE, key);
      int end = xml.indexOf(END, value);
      found.put(
          manner.echo().apply(xml.substring(key, value)),
          read.apply(xml.substring(value + VALUE.length(), end)));
      at = end;
    }
    return manner.matching().of(names, found);
  }

  private static List<String> members(String xml) {
    Matcher member = MEMBER.matcher(xml);
    List<String> found = new ArrayList<>();
    while (member.find()) {
      found.add(member.group(1));
    }
    return found;
  }

  private static @Nullable String text(String xml, String element) {
    String open = "<" + element + ">";
    return Optional.of(xml.indexOf(open))
        .filter(at -> at >= 0)
        .map(at -> at + open.length())
        .map(from -> xml.substring(from, xml.indexOf('<', from)))
        .orElse(null);
  }
}
