package mailfrom.app.advice;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import mailfrom.domain.name.IdentityKey;

/**
 * Where a reader of a message finds more: the addresses that this installation knows. One that it
 * does not know is empty, and a message says what can be said without it.
 *
 * @param api where the HTTP API answers, without a final slash
 * @param runbook where {@link Runbook#DOCUMENT} is
 * @param page where the page is
 */
public record Links(String api, String runbook, String page) {
  /** None is known. */
  public static final Links NONE = new Links("", "", "");

  private static final Pattern SIGNED =
      Pattern.compile("https://[^/]+\\.execute-api\\.([a-z0-9-]+)\\..*");

  public Links {
    api = api.endsWith("/") ? api.substring(0, api.length() - 1) : api;
  }

  /** The Region for which calls of the API are signed; empty for one that takes unsigned calls. */
  public Optional<String> signedFor() {
    Matcher gateway = SIGNED.matcher(api);
    return gateway.matches() ? Optional.of(gateway.group(1)) : Optional.empty();
  }

  public String of(Runbook section) {
    return (runbook.isEmpty() ? Runbook.DOCUMENT : runbook) + "#" + section.anchor();
  }

  /** Where an identity is looked at: the page, and where there is none the console. */
  public String of(IdentityKey key) {
    return page.isEmpty() ? console(key) : page;
  }

  /** The same for a Region. */
  public String of(String region) {
    return page.isEmpty() ? console(region) : page;
  }

  /** The page of a verified identity in the console of SES. */
  public static String console(IdentityKey key) {
    return console(key.region())
        + "/"
        + URLEncoder.encode(key.name().value(), StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** The list of verified identities in the console of SES. */
  public static String console(String region) {
    return "https://%s.%s/ses/home?region=%s#/verified-identities"
        .formatted(region, Partition.of(region).console(), region);
  }

  /** The ARN of an identity. */
  public static String arn(IdentityKey key) {
    return "arn:%s:ses:%s:%s:identity/%s"
        .formatted(
            Partition.of(key.region()).id(), key.region(), key.account(), key.name().value());
  }

  /**
   * A part of AWS with accounts of its own.
   *
   * @param console the domain of its console
   */
  private record Partition(String id, String console) {
    static Partition of(String region) {
      if (region.startsWith("us-gov-")) {
        return new Partition("aws-us-gov", "console.amazonaws-us-gov.com");
      }
      if (region.startsWith("cn-")) {
        return new Partition("aws-cn", "console.amazonaws.cn");
      }
      return region.startsWith("eusc-")
          ? new Partition("aws-eusc", "console.amazonaws-eusc.eu")
          : new Partition("aws", "console.aws.amazon.com");
    }
  }
}
