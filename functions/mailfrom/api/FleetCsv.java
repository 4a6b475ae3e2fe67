package mailfrom.api;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import mailfrom.app.json.JsonWriter;
import mailfrom.app.settings.SettingsApi.IdentityView;
import mailfrom.domain.desired.Desired;
import mailfrom.domain.desired.DesiredState;
import mailfrom.domain.desired.Drift;
import mailfrom.domain.findings.RecordToDo;
import mailfrom.domain.identity.Dmarc;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.identity.MailFromDns;
import mailfrom.domain.identity.Silence;
import mailfrom.domain.incident.IncidentState.LastTold;
import mailfrom.domain.incident.Trouble;
import mailfrom.domain.ses.Live;
import org.jspecify.annotations.Nullable;

/**
 * The fleet as comma-separated values (RFC 4180) for a spreadsheet: a line an identity, or a line a
 * DNS record. Times are in UTC, as spreadsheets take them; each label has a column. The account is
 * not in it: it is one for all, and a spreadsheet takes it for a number.
 */
final class FleetCsv {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

  /** A column: its name, and what stands in it. */
  private record Column<T>(String name, Function<T, @Nullable Object> of) {}

  /** A record, and whose it is. */
  private record OfIdentity(IdentityView view, RecordToDo record) {}

  private static final List<Column<IdentityView>> IDENTITY =
      List.of(
          new Column<>("region", view -> view.state().key().region()),
          new Column<>("identity", view -> view.state().key().name()),
          seen("effect", state -> state.effectState().effect()),
          seen("cause", state -> state.effectState().cause()),
          seen("phase", state -> word(state.effectState().phase())),
          state("trouble", state -> state.trouble().map(Trouble::kind).orElse(null)),
          state("severity", state -> word(state.trouble().map(Trouble::severity).orElse(null))),
          state("recovering", IdentityState::isRecovering),
          seen("since", state -> state.effectState().since()),
          seen("notBefore", state -> state.effectState().notBefore()),
          state("deadline", IdentityState::deadline),
          seen("mailFromDomain", state -> state.sesView().live().mailFromDomain()),
          seen("behaviorOnMxFailure", state -> state.sesView().live().behaviorOnMxFailure().word()),
          seen("status", state -> status(state.sesView().live())),
          new Column<>("asOf", view -> view.state().wasSeen() ? view.asOf() : null),
          desired("desiredMailFromDomain", desired -> desired.settings().mailFromDomain()),
          desired(
              "desiredBehaviorOnMxFailure",
              desired -> desired.settings().behaviorOnMxFailure().word()),
          desired("activation", desired -> desired.activation().word()),
          state("progress", state -> progress(state.desiredState())),
          new Column<>("waitingFor", IdentityView::waitingFor),
          state("driftSince", state -> ofDrift(state.drift(), Drift::since)),
          state("driftBy", state -> ofDrift(state.drift(), Drift::by)),
          state("dmarcBySpf", state -> Dmarc.of(state).spf().word()),
          state("dmarcByDkim", state -> Dmarc.of(state).dkim().word()),
          new Column<>("lastTold", view -> ofLast(view.telling().last(), LastTold::reason)),
          new Column<>("lastToldAt", view -> ofLast(view.telling().last(), LastTold::at)),
          new Column<>("quietBecause", view -> view.telling().quietBecause()),
          new Column<>("silencedUntil", view -> until(view.telling().silence())),
          state(
              "findings",
              state ->
                  MailFromDns.of(state).findings().stream()
                      .map(finding -> finding.code().name())
                      .collect(Collectors.joining(" "))));

  private static final List<Column<OfIdentity>> RECORD =
      List.of(
          new Column<>("region", one -> one.view().state().key().region()),
          new Column<>("identity", one -> one.view().state().key().name()),
          new Column<>("state", one -> word(one.record().state())),
          new Column<>("zone", one -> one.record().zone()),
          new Column<>("host", one -> one.record().host().orElse(null)),
          new Column<>("name", one -> one.record().name()),
          new Column<>("type", one -> one.record().type()),
          new Column<>("priority", one -> one.record().priority()),
          new Column<>("value", one -> one.record().value()),
          new Column<>("ttl", one -> one.record().ttlSeconds()),
          new Column<>("why", one -> RecordTexts.why(one.record())));

  private FleetCsv() {}

  private static Column<IdentityView> state(
      String name, Function<IdentityState, @Nullable Object> of) {
    return new Column<>(name, view -> of.apply(view.state()));
  }

  /** What is not known of an identity that could not be read yet. */
  private static Column<IdentityView> seen(
      String name, Function<IdentityState, @Nullable Object> of) {
    return state(name, state -> state.wasSeen() ? of.apply(state) : null);
  }

  private static Column<IdentityView> desired(String name, Function<Desired, @Nullable Object> of) {
    return state(name, state -> state.desired() == null ? null : of.apply(state.desired()));
  }

  private static @Nullable String word(@Nullable Enum<?> word) {
    return word == null ? null : JsonWriter.word(word);
  }

  private static @Nullable String status(Live live) {
    return live.status() == null ? null : live.status().word();
  }

  private static @Nullable Object progress(@Nullable DesiredState asked) {
    return asked == null ? null : asked.progress().state();
  }

  private static @Nullable Object ofDrift(
      @Nullable Drift drift, Function<Drift, @Nullable Object> of) {
    return drift == null ? null : of.apply(drift);
  }

  private static @Nullable Object ofLast(@Nullable LastTold last, Function<LastTold, Object> of) {
    return last == null ? null : of.apply(last);
  }

  private static @Nullable Instant until(@Nullable Silence silence) {
    return silence == null ? null : silence.until();
  }

  /** What a browser saves it as. */
  static String disposition(boolean records, Instant now) {
    return "attachment; filename=\"mail-from-%s%s.csv\""
        .formatted(records ? "records-" : "", TIME.format(now).substring(0, 10));
  }

  static String identities(List<IdentityView> views) {
    return text(IDENTITY, views, views, Function.identity());
  }

  /** A line a record: there, to be published, or to be removed. */
  static String records(List<IdentityView> views) {
    List<OfIdentity> records = new ArrayList<>();
    for (IdentityView view : views) {
      MailFromDns.of(view.state()).records().forEach(one -> records.add(new OfIdentity(view, one)));
    }
    return text(RECORD, records, views, OfIdentity::view);
  }

  private static <T> String text(
      List<Column<T>> fixed,
      List<T> lines,
      List<IdentityView> views,
      Function<T, IdentityView> identity) {
    TreeSet<String> labels = new TreeSet<>();
    views.forEach(view -> labels.addAll(labels(view).keySet()));
    List<Column<T>> columns = new ArrayList<>(fixed);
    for (String label : labels) {
      columns.add(new Column<>("label:" + label, one -> labels(identity.apply(one)).get(label)));
    }
    StringBuilder text = new StringBuilder(line(columns, Column::name));
    lines.forEach(one -> text.append(line(columns, column -> column.of().apply(one))));
    return text.toString();
  }

  private static Map<String, String> labels(IdentityView view) {
    Desired desired = view.state().desired();
    return desired == null ? Map.of() : desired.labels();
  }

  private static <T> String line(
      List<Column<T>> columns, Function<Column<T>, @Nullable Object> value) {
    return columns.stream()
            .map(column -> cell(text(value.apply(column))))
            .collect(Collectors.joining(","))
        + "\r\n";
  }

  private static String text(@Nullable Object value) {
    return value instanceof Instant at ? TIME.format(at) : Objects.toString(value, "");
  }

  private static String cell(String value) {
    // A spreadsheet takes a cell that begins so for a formula, and an address may begin so.
    boolean formula = !value.isEmpty() && "=+-@".indexOf(value.charAt(0)) >= 0;
    String text = formula ? "'" + value : value;
    boolean quoted = text.chars().anyMatch(c -> c == ',' || c == '"' || c == '\r' || c == '\n');
    return quoted ? "\"" + text.replace("\"", "\"\"") + "\"" : text;
  }
}
