package mailfrom.priming;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A table in memory, and an SES that knows every identity and says next what was set last: the
 * bodies of their answers.
 */
final class CannedAws {
  private static final String SES =
      "<%1$sResponse xmlns=\"http://ses.amazonaws.com/doc/2010-12-01/\"><%1$sResult>%2$s</%1$sResult><ResponseMetadata><RequestId>rehearsal</RequestId></ResponseMetadata></%1$sResponse>";

  private final CannedTable table = new CannedTable();
  private final Map<String, String> mailFrom = new ConcurrentHashMap<>();

  /**
   * Answers a call.
   *
   * @param target the header X-Amz-Target, by which the table is meant; null: SES is
   */
  String answer(@Nullable String target, String form) {
    if (target != null) {
      return table.answer(target, form);
    }
    Map<String, String> parameters = new HashMap<>();
    for (String part : form.split("&", -1)) {
      String[] pair = part.split("=", 2);
      parameters.put(pair[0], URLDecoder.decode(pair[pair.length - 1], StandardCharsets.UTF_8));
    }
    String action = parameters.getOrDefault("Action", "");
    String identity = parameters.getOrDefault("Identities.member.1", "");
    return switch (action) {
      case "SetIdentityMailFromDomain" -> {
        mailFrom.put(
            parameters.getOrDefault("Identity", ""), parameters.getOrDefault("MailFromDomain", ""));
        yield SES.formatted(action, "");
      }
      case "GetIdentityMailFromDomainAttributes" ->
          SES.formatted(
              action, entry("MailFromDomainAttributes", identity, live(mailFrom.get(identity))));
      default ->
          SES.formatted(
              action,
              entry(
                  "VerificationAttributes",
                  identity,
                  "<VerificationStatus>Success</VerificationStatus>"));
    };
  }

  private static String live(@Nullable String domain) {
    String behavior = "<BehaviorOnMXFailure>UseDefaultValue</BehaviorOnMXFailure>";
    return domain == null
        ? behavior
        : "<MailFromDomain>%s</MailFromDomain><MailFromDomainStatus>Pending</MailFromDomainStatus>%s"
            .formatted(domain, behavior);
  }

  private static String entry(String name, String identity, String value) {
    return "<%1$s><entry><key>%2$s</key><value>%3$s</value></entry></%1$s>"
        .formatted(name, identity, value);
  }
}
