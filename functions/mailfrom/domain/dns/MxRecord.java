package mailfrom.domain.dns;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * An MX record as the DNS gave it.
 *
 * @param host lower case, no final dot
 */
public record MxRecord(int priority, String host) implements Comparable<MxRecord> {
  private static final String HEAD = "feedback-smtp.";
  private static final String TAIL = ".amazonses.com";
  private static final int LEAST = HEAD.length() + TAIL.length();

  /**
   * The hosts of the Regions that were known to have SES when this was written, by the SDK's list
   * of endpoints: all of the commercial and the GovCloud partition. One of another Region has to be
   * asked for.
   */
  private static final Set<String> KNOWN_HOSTS =
      Stream.of(
              "af-south-1",
              "ap-northeast-1",
              "ap-northeast-2",
              "ap-northeast-3",
              "ap-south-1",
              "ap-south-2",
              "ap-southeast-1",
              "ap-southeast-2",
              "ap-southeast-3",
              "ap-southeast-5",
              "ca-central-1",
              "ca-west-1",
              "eu-central-1",
              "eu-central-2",
              "eu-north-1",
              "eu-south-1",
              "eu-west-1",
              "eu-west-2",
              "eu-west-3",
              "il-central-1",
              "me-central-1",
              "me-south-1",
              "sa-east-1",
              "us-east-1",
              "us-east-2",
              "us-gov-east-1",
              "us-gov-west-1",
              "us-west-1",
              "us-west-2")
          .map(MxRecord::feedbackHost)
          .collect(Collectors.toUnmodifiableSet());

  /** The record that SES wants at a MAIL FROM domain. */
  public static MxRecord feedback(String region) {
    return new MxRecord(10, feedbackHost(region));
  }

  private static String feedbackHost(String region) {
    return HEAD + region + TAIL;
  }

  /** The Region that a host of the form of a feedback host names; empty for any other host. */
  public Optional<String> feedbackRegion() {
    if (!host.startsWith(HEAD) || !host.endsWith(TAIL) || host.length() <= LEAST) {
      return Optional.empty();
    }
    String region = host.substring(HEAD.length(), host.length() - TAIL.length());
    return region.chars().allMatch(MxRecord::isOfRegion) ? Optional.of(region) : Optional.empty();
  }

  private static boolean isOfRegion(int character) {
    return (character >= 'a' && character <= 'z')
        || (character >= '0' && character <= '9')
        || character == '-';
  }

  /** Whether it is a feedback host of a Region of which nobody has to be asked. */
  public boolean isOfKnownRegion() {
    return KNOWN_HOSTS.contains(host);
  }

  /** As one types it into a zone file. */
  public String text() {
    return priority + " " + host;
  }

  /** Several of them, in their order. */
  public static String text(List<MxRecord> records) {
    return records.size() == 1
        ? records.getFirst().text()
        : sorted(records).stream().map(MxRecord::text).collect(Collectors.joining(", "));
  }

  /** In their order, which one alone is in. */
  public static List<MxRecord> sorted(List<MxRecord> records) {
    return records.size() < 2 ? records : records.stream().sorted().toList();
  }

  @Override
  public int compareTo(MxRecord other) {
    int byPriority = Integer.compare(priority, other.priority);
    return byPriority != 0 ? byPriority : host.compareTo(other.host);
  }
}
