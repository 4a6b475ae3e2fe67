package mailfrom.page;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Times and foreign texts as the page writes them. */
final class Texts {
  private static final DateTimeFormatter MINUTES =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final int LONGEST = 600;

  private Texts() {}

  /** An instant to the minute, in UTC. */
  static String at(@Nullable Instant at) {
    return at == null ? "–" : MINUTES.format(at) + " UTC";
  }

  /** How far an instant is from now, in the one or two units that matter. */
  static String distance(Instant now, Instant at) {
    Duration distance = Duration.between(at, now);
    String length = length(distance.abs());
    return distance.isNegative() ? "in " + length : length + " ago";
  }

  static String length(Duration length) {
    long minutes = length.toMinutes();
    if (minutes < 1) {
      return "less than a minute";
    }
    if (minutes < 60) {
      return minutes + " min";
    }
    if (minutes < 96 * 60) {
      return minutes % 60 == 0
          ? "%d h".formatted(minutes / 60)
          : "%d h %d min".formatted(minutes / 60, minutes % 60);
    }
    return "%d days".formatted(minutes / (24 * 60));
  }

  /** Seconds with one digit. */
  static String seconds(Duration length) {
    long tenths = length.toMillis() / 100;
    return tenths / 10 + "." + tenths % 10 + " s";
  }

  /** A bracket: last seen otherwise, first seen so. */
  static String since(@Nullable Instant notBefore, Instant since) {
    if (notBefore == null) {
      return "%s at the latest: it was already so at first sight".formatted(at(since));
    }
    String from = MINUTES.format(notBefore);
    String to = MINUTES.format(since);
    int day = "uuuu-MM-dd".length();
    return from.substring(0, day).equals(to.substring(0, day))
        ? "%s between %s and %s UTC"
            .formatted(from.substring(0, day), from.substring(day + 1), to.substring(day + 1))
        : "between %s and %s UTC".formatted(from, to);
  }

  /** So much of a foreign text as a view has room for. */
  static String clipped(String text) {
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
  }

  /** A number of things. */
  static String count(long number, String one, String many) {
    return number + " " + (number == 1 ? one : many);
  }
}
