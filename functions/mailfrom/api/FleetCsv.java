package mailfrom.api;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import mailfrom.app.json.JsonWriter;
import mailfrom.app.settings.SettingsApi;
import mailfrom.domain.desired.Desired;
import mailfrom.domain.desired.DesiredState;
import mailfrom.domain.effect.EffectState;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.ses.Live;
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
          "notBefore",
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

  static String of(List<SettingsApi.IdentityView> identities) {
    return Stream.concat(Stream.of(line(COLUMNS)), identities.stream().map(FleetCsv::line))
        .collect(Collectors.joining());
  }

  private static String line(SettingsApi.IdentityView view) {
    IdentityState state = view.state();
    EffectState effectState = state.effectState();
    Live live = state.sesView().live();
    DesiredState desiredState = state.desiredState();
    Desired desired = state.desired();
    boolean seen = state.wasSeen();
    return line(
        Arrays.asList(
            state.key().account(),
            state.key().region(),
            state.key().name(),
            seen ? effectState.effect() : null,
            seen ? effectState.cause() : null,
            !seen || effectState.phase() == null ? null : JsonWriter.word(effectState.phase()),
            state.severity().map(JsonWriter::word).orElse(null),
            seen ? effectState.since() : null,
            seen ? effectState.notBefore() : null,
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
            desiredState == null ? null : desiredState.progress().state(),
            state.dnsState().findings().stream()
                .map(finding -> finding.code().name())
                .collect(Collectors.joining(" "))));
  }

  private static String line(List<? extends @Nullable Object> values) {
    return values.stream().map(value -> cell(text(value))).collect(Collectors.joining(","))
        + "\r\n";
  }

  private static String text(@Nullable Object value) {
    return value instanceof Instant at ? JsonWriter.time(at) : Objects.toString(value, "");
  }

  private static String cell(String value) {
    // A spreadsheet takes a cell that begins so for a formula, and an address may begin so.
    boolean formula = !value.isEmpty() && "=+-@".indexOf(value.charAt(0)) >= 0;
    String text = formula ? "'" + value : value;
    boolean quoted = text.chars().anyMatch(c -> c == ',' || c == '"' || c == '\r' || c == '\n');
    return quoted ? "\"" + text.replace("\"", "\"\"") + "\"" : text;
  }
}
