package mailfrom.app.text;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Times as people read them. */
public final class Times {
  private static final DateTimeFormatter MINUTES =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm 'UTC'").withZone(ZoneOffset.UTC);
  private static final int DATE = "uuuu-MM-dd".length();
  private static final int MINUTE = "uuuu-MM-dd HH:mm".length();

  private Times() {}

  public static String minute(Instant instant) {
    return MINUTES.format(instant);
  }

  /** From an instant to a later one, the day once when it is the same. */
  static String span(Instant from, Instant to, String between, String and) {
    String first = minute(from);
    String second = minute(to);
    return first.substring(0, DATE).equals(second.substring(0, DATE))
        ? "%s %s%s%s%s"
            .formatted(
                first.substring(0, DATE),
                between,
                first.substring(DATE + 1, MINUTE),
                and,
                second.substring(DATE + 1))
        : "%s%s%s%s".formatted(between, first.substring(0, MINUTE), and, second);
  }

  /** How long, in the largest unit that says enough. */
  static String length(Duration time) {
    long minutes = time.toMinutes();
    if (minutes < 120) {
      return minutes == 1 ? "1 minute" : minutes + " minutes";
    }
    long hours = time.toHours();
    return hours < 96 ? hours + " hours" : time.toDays() + " days";
  }
}
