package mailfrom.aws;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;

/**
 * An instant as the text that {@link Instant#toString} gives, written and read by hand. A row has
 * about ten of them, a run reads the rows of all identities, and the JDK's formatter for any form
 * took more of the processor than all else of a row.
 */
final class InstantText {
  private static final int SECONDS_END = "2026-11-28T22:00:00".length();
  private static final int SECONDS_A_DAY = 86_400;

  /** No part of a time is so low, a year neither. */
  private static final int NO_NUMBER = Integer.MIN_VALUE;

  private InstantText() {}

  static String of(Instant at) {
    LocalDate date = LocalDate.ofEpochDay(Math.floorDiv(at.getEpochSecond(), SECONDS_A_DAY));
    if (date.getYear() < 1 || date.getYear() > 9999) {
      return at.toString();
    }
    int second = Math.floorMod(at.getEpochSecond(), SECONDS_A_DAY);
    StringBuilder text = new StringBuilder("2026-11-28T22:00:00.123456789Z".length());
    digits(text, date.getYear(), 4).append('-');
    digits(text, date.getMonthValue(), 2).append('-');
    digits(text, date.getDayOfMonth(), 2).append('T');
    digits(text, second / 3600, 2).append(':');
    digits(text, second / 60 % 60, 2).append(':');
    digits(text, second % 60, 2);
    int nano = at.getNano();
    if (nano != 0) {
      text.append('.');
      if (nano % 1_000_000 == 0) {
        digits(text, nano / 1_000_000, 3);
      } else if (nano % 1_000 == 0) {
        digits(text, nano / 1_000, 6);
      } else {
        digits(text, nano, 9);
      }
    }
    return text.append('Z').toString();
  }

  private static StringBuilder digits(StringBuilder text, int number, int length) {
    int unit = 1;
    for (int i = 1; i < length; i++) {
      unit *= 10;
    }
    for (; unit > 0; unit /= 10) {
      text.append((char) ('0' + number / unit % 10));
    }
    return text;
  }

  /** Reads one; of a form that this program does not write, as the JDK does. */
  static Instant parse(String text) {
    int end = text.length() - 1;
    if (end < SECONDS_END
        || text.charAt(4) != '-'
        || text.charAt(7) != '-'
        || text.charAt(10) != 'T'
        || text.charAt(13) != ':'
        || text.charAt(16) != ':'
        || text.charAt(end) != 'Z') {
      return Instant.parse(text);
    }
    try {
      return LocalDate.of(number(text, 0, 4), number(text, 5, 7), number(text, 8, 10))
          .atTime(
              number(text, 11, 13),
              number(text, 14, 16),
              number(text, 17, SECONDS_END),
              end == SECONDS_END ? 0 : fraction(text, end))
          .toInstant(ZoneOffset.UTC);
    } catch (DateTimeException e) {
      return Instant.parse(text);
    }
  }

  private static int number(String text, int from, int until) {
    int number = 0;
    for (int i = from; i < until; i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return NO_NUMBER;
      }
      number = number * 10 + digit;
    }
    return number;
  }

  private static int fraction(String text, int end) {
    int first = SECONDS_END + 1;
    int length = end - first;
    if (text.charAt(SECONDS_END) != '.' || length < 1 || length > 9) {
      return NO_NUMBER;
    }
    int nano = number(text, first, end);
    for (int i = length; i < 9; i++) {
      nano *= 10;
    }
    return nano;
  }
}
