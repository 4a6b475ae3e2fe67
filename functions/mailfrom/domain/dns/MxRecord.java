package mailfrom.domain.dns;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An MX record as the DNS gave it.
 *
 * @param host lower case, no final dot
 */
public record MxRecord(int priority, String host) implements Comparable<MxRecord> {
  private static final Pattern FEEDBACK =
      Pattern.compile("feedback-smtp\\.([a-z0-9-]+)\\.amazonses\\.com");

  /** The record that SES wants at a MAIL FROM domain. */
  public static MxRecord feedback(String region) {
    return new MxRecord(10, "feedback-smtp." + region + ".amazonses.com");
  }

  /** The Region whose SES feedback host this is; empty for any other host. */
  public Optional<String> feedbackRegion() {
    var feedback = FEEDBACK.matcher(host);
    return feedback.matches() ? Optional.of(feedback.group(1)) : Optional.empty();
  }

  /** As one types it into a zone file. */
  public String text() {
    return priority + " " + host;
  }

  @Override
  public int compareTo(MxRecord other) {
    int byPriority = Integer.compare(priority, other.priority);
    return byPriority != 0 ? byPriority : host.compareTo(other.host);
  }
}
