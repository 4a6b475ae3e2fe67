package mailfrom.api;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import mailfrom.app.settings.SettingsCalls;
import mailfrom.domain.desired.Desired;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.ses.Live;
import mailfrom.domain.effect.Standing;
import mailfrom.domain.desired.Wanted;
import org.jspecify.annotations.Nullable;

/** The fleet as comma-separated values (RFC 4180), a line an identity. */
final class FleetCsv {
  private static final List<String> COLUMNS =
      List.of(
          "account",
          "region",
          "identity",
          "effect",
          "cause",
          "phase",
          "severity",
          "since",
          "sinceIs",
          "deadline",
          "mailFromDomain",
          "behaviorOnMxFailure",
          "status",
          "asOf",
          "desiredMailFromDomain",
          "desiredBehaviorOnMxFailure",
          "activation",
          "labels",
          "progress",
          "findings");

  private FleetCsv() {}

  static String of(List<SettingsCalls.IdentityView> identities) {
    return Stream.concat(Stream.of(line(COLUMNS)), identities.stream().map(FleetCsv::line))
        .collect(Collectors.joining());
  }

  private static String line(SettingsCalls.IdentityView view) {
    IdentityState state = view.state();
    Standing standing = state.standing();
    Live live = state.sight().live();
    Wanted wanted = state.wanted();
    Desired desired = state.desired();
    boolean seen = state.wasSeen();
    return line(
        Arrays.asList(
            state.key().account(),
            state.key().region(),
            state.key().name(),
            seen ? standing.effect() : null,
            seen ? standing.cause() : null,
            !seen || standing.phase() == null ? null : Representation.lower(standing.phase()),
            state.severity().map(Representation::lower).orElse(null),
            seen ? standing.since() : null,
            !seen ? null : standing.sinceExact() ? "exact" : "atLatest",
            state.deadline(),
            live.mailFromDomain(),
            seen ? live.behaviorOnMxFailure().word() : null,
            live.status() == null ? null : live.status().word(),
            seen ? view.asOf() : null,
            desired == null ? null : desired.settings().mailFromDomain(),
            desired == null ? null : desired.settings().behaviorOnMxFailure().word(),
            desired == null ? null : desired.activation().word(),
            desired == null
                ? null
                : desired.labels().entrySet().stream()
                    .map(label -> label.getKey() + "=" + label.getValue())
                    .collect(Collectors.joining(";")),
            wanted == null ? null : wanted.progress().state(),
            state.dns().findings().stream()
                .map(finding -> finding.code().name())
                .collect(Collectors.joining(" "))));
  }

  private static String line(List<? extends @Nullable Object> values) {
    return values.stream()
            .map(value -> cell(Objects.toString(value, "")))
            .collect(Collectors.joining(","))
        + "\r\n";
  }

  private static String cell(String value) {
    // A spreadsheet takes a cell that begins so for a formula, and an address may begin so.
    boolean formula = !value.isEmpty() && "=+-@".indexOf(value.charAt(0)) >= 0;
    String text = formula ? "'" + value : value;
    boolean quoted = text.chars().anyMatch(c -> c == ',' || c == '"' || c == '\r' || c == '\n');
    return quoted ? "\"" + text.replace("\"", "\"\"") + "\"" : text;
  }
}
