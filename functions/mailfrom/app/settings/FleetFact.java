package mailfrom.app.settings;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import mailfrom.app.json.JsonWriter;
import mailfrom.domain.dns.Finding;
import mailfrom.domain.dns.FindingCode;
import mailfrom.domain.effect.Cause;
import mailfrom.domain.effect.Effect;
import mailfrom.domain.effect.Phase;
import mailfrom.domain.incident.Severity;
import mailfrom.domain.incident.Trouble;
import mailfrom.domain.incident.TroubleKind;

/** A kind of fact that the fleet can be asked for: its words in the contract, and who has them. */
public enum FleetFact {
  EFFECT(Effect.values(), Effect::name, one -> Stream.of(one.state().effectState().effect())),
  CAUSE(Cause.values(), Cause::name, one -> Stream.ofNullable(one.state().effectState().cause())),
  TROUBLE(
      TroubleKind.values(),
      TroubleKind::name,
      one -> one.state().trouble().map(Trouble::kind).stream()),
  FINDING(
      FindingCode.values(),
      FindingCode::name,
      one -> one.state().dnsState().findings().stream().map(Finding::code)),
  PHASE(
      Phase.values(),
      JsonWriter::word,
      one -> Stream.ofNullable(one.state().effectState().phase())),
  SEVERITY(
      Severity.values(),
      JsonWriter::word,
      one -> one.state().trouble().map(Trouble::severity).stream()),
  MANAGED(one -> one.state().desiredState() != null),
  DRIFT(one -> one.state().drift() != null),
  SILENCED(one -> !one.silencedBy().isEmpty()),
  RECOVERING(one -> one.state().isRecovering());

  private final List<String> words;
  private final Function<FleetRow, Stream<String>> of;

  <E> FleetFact(E[] values, Function<E, String> word, Function<FleetRow, Stream<E>> of) {
    this.words = Arrays.stream(values).map(word).toList();
    this.of = one -> of.apply(one).map(word);
  }

  FleetFact(Predicate<FleetRow> is) {
    this.words = List.of("true", "false");
    this.of = one -> Stream.of(Boolean.toString(is.test(one)));
  }

  /** Its name in the contract. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What can be asked for, as the contract spells it. */
  public List<String> words() {
    return words;
  }

  /** The words that are true of an identity. */
  Stream<String> of(FleetRow row) {
    return of.apply(row);
  }
}
