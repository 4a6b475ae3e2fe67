package mailfrom.app.fleet;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import mailfrom.app.json.JsonWriter;
import mailfrom.domain.effect.Cause;
import mailfrom.domain.effect.Effect;
import mailfrom.domain.effect.Phase;
import mailfrom.domain.findings.FindingCode;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.identity.MailFromDns;
import mailfrom.domain.incident.Severity;
import mailfrom.domain.incident.TroubleKind;
import org.jspecify.annotations.Nullable;

/** A kind of fact that the fleet can be asked for: its words in the contract, and who has them. */
public enum FleetFact {
  EFFECT,
  CAUSE,
  TROUBLE,
  FINDING,
  PHASE,
  SEVERITY,
  MANAGED,
  DRIFT,
  SILENCED,
  RECOVERING;

  /** Those that are kept beside an identity's place: its order does not say them. */
  static final Set<FleetFact> STORED = EnumSet.of(CAUSE, TROUBLE, FINDING, PHASE, MANAGED, DRIFT);

  /** Its name in the contract. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What can be asked for, as the contract spells it. */
  public List<String> words() {
    return switch (this) {
      case EFFECT -> names(Effect.values());
      case CAUSE -> names(Cause.values());
      case TROUBLE -> names(TroubleKind.values());
      case FINDING -> names(FindingCode.values());
      case PHASE -> Arrays.stream(Phase.values()).map(JsonWriter::word).toList();
      case SEVERITY -> Arrays.stream(Severity.values()).map(JsonWriter::word).toList();
      case MANAGED, DRIFT, SILENCED, RECOVERING -> List.of("true", "false");
    };
  }

  /** The words that are true of an identity. */
  Stream<String> of(FleetRow row) {
    return this == SILENCED ? is(!row.silencedBy().isEmpty()) : of(row.state());
  }

  /** The words that its row alone says. */
  Stream<String> of(IdentityState state) {
    return switch (this) {
      case EFFECT -> Stream.of(state.effectState().effect().name());
      case CAUSE -> Stream.ofNullable(state.effectState().cause()).map(Enum::name);
      case TROUBLE -> state.trouble().map(trouble -> trouble.kind().name()).stream();
      case FINDING ->
          MailFromDns.of(state).findings().stream().map(finding -> finding.code().name());
      case PHASE -> word(state.effectState().phase());
      case SEVERITY -> state.trouble().map(trouble -> JsonWriter.word(trouble.severity())).stream();
      case MANAGED -> is(state.desiredState() != null);
      case DRIFT -> is(state.drift() != null);
      case SILENCED -> Stream.empty();
      case RECOVERING -> is(state.isRecovering());
    };
  }

  private static List<String> names(Enum<?>[] values) {
    return Arrays.stream(values).<String>map(Enum::name).toList();
  }

  private static Stream<String> word(@Nullable Phase phase) {
    return phase == null ? Stream.empty() : Stream.of(JsonWriter.word(phase));
  }

  private static Stream<String> is(boolean fact) {
    return Stream.of(Boolean.toString(fact));
  }
}
