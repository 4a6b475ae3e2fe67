package mailfrom.api.request;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Reads labels: those of a body, and texts that are to match some. */
final class Labels {
  private static final int MOST = 5;
  private static final int MAX_VALUE = 128;

  /** Labels become attributes of SNS messages. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_.-]{0,62}");

  /** SNS refuses these names. */
  private static final Pattern NAME_OF_AWS =
      Pattern.compile("(?i)(aws|amazon)\\..*|.*\\.|.*\\.\\..*");

  /** Attributes that messages have anyway. */
  private static final Set<String> TAKEN_NAMES =
      Set.of("reason", "severity", "effect", "region", "test");

  private Labels() {}

  /** The labels of a body; together with any problem they mean nothing. */
  static Map<String, String> of(JsonFields body) {
    Map<String, String> labels = new TreeMap<>();
    body.value("labels", JsonFields.class, "an object of strings")
        .ifPresent(
            given -> {
              int count = given.names().size();
              if (count > MOST) {
                body.tell(
                    InputCode.INVALID_VALUE,
                    "labels",
                    "There are %d labels; at most %d are allowed.".formatted(count, MOST));
              }
              given.names().forEach(name -> label(given, name, labels));
            });
    return labels;
  }

  private static void label(JsonFields given, String name, Map<String, String> labels) {
    wrongName(name).ifPresent(message -> given.tell(InputCode.INVALID_VALUE, name, message));
    given
        .value(name, String.class, "A label", "a string")
        .ifPresent(
            value -> {
              int length = JsonBody.characters(value);
              if (length >= 1 && length <= MAX_VALUE && JsonBody.isPrintable(value)) {
                labels.put(name, value);
              } else {
                given.tell(
                    InputCode.INVALID_VALUE,
                    name,
                    "A label has 1 to %d printable characters. Shorten it, or leave it out."
                        .formatted(MAX_VALUE));
              }
            });
  }

  /** Why {@code name} or {@code name=value} can match no label; empty when it can. */
  static Optional<String> wrongMatch(String match) {
    return wrongName(match.split("=", 2)[0]).map(why -> "Give name or name=value. " + why);
  }

  /** Why a text can be no label's name; empty when it can. */
  private static Optional<String> wrongName(String name) {
    if (!NAME.matcher(name).matches()) {
      return Optional.of(
          "A label's name begins with a letter and has at most 63 letters, digits, '_', '.' and"
              + " '-', all ASCII. Rename it.");
    }
    if (NAME_OF_AWS.matcher(name).matches()) {
      return Optional.of(
          "SNS takes no attribute whose name begins with AWS. or Amazon., ends in a dot or has"
              + " two dots in a row. Rename it.");
    }
    if (TAKEN_NAMES.contains(name)) {
      return Optional.of(
          "Messages have the attributes reason, severity, effect, region and test already."
              + " Rename it.");
    }
    return Optional.empty();
  }
}
