package mailfrom.api;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import mailfrom.app.fleet.FleetCounts;
import mailfrom.app.json.JsonWriter;
import mailfrom.app.settings.SettingsApi;
import mailfrom.app.store.RegionState;
import mailfrom.app.tell.TestAlertApi;
import mailfrom.app.tell.Topics;
import mailfrom.domain.desired.Problem;
import mailfrom.domain.effect.Effect;
import mailfrom.domain.effect.Phase;

/** The JSON of the other answers, as the contract shows it, and what several have. */
final class Representation {
  private Representation() {}

  static void warnings(JsonWriter json, List<Problem> warnings) {
    json.objects(
        "warnings",
        warnings,
        warning -> json.put("code", warning.code()).put("message", warning.message()));
  }

  static String released(SettingsApi.Released released) {
    return new JsonWriter()
        .put("region", released.region())
        .put("released", released.heldSince() != null)
        .put("heldSince", released.heldSince())
        .text();
  }

  static String testAlert(TestAlertApi.Outcome.AllSent all) {
    JsonWriter json = new JsonWriter();
    json.objects(
        "sent",
        all.sent(),
        one ->
            json.putWord("topic", one.topic())
                .put("form", one.form())
                .put("messageId", one.messageId()));
    json.object("listeners");
    for (Topics.Name topic : Topics.Name.values()) {
      json.put(JsonWriter.word(topic), all.listeners().get(topic));
    }
    Integer toPeople = all.listeners().get(Topics.Name.ALERTS);
    return json.end()
        .put("alertsReachNobody", toPeople == null ? null : (Boolean) (toPeople == 0))
        .text();
  }

  static String summary(String account, SettingsApi.Summary summary) {
    JsonWriter json = new JsonWriter().put("account", account);
    counts(json, summary.counts());
    json.objects("regions", summary.regions(), region -> region(json, region));
    return json.put("alertsReachNobody", summary.alertsReachNobody())
        .put("operationsReachNobody", summary.operationsReachNobody())
        .text();
  }

  private static void region(JsonWriter json, SettingsApi.RegionSummary region) {
    RegionState.Reading reading = region.region().reading();
    json.put("region", region.region().region());
    counts(json, region.counts());
    RegionState.LastRun run = reading.last();
    if (run == null) {
      json.putNull("lastRun");
    } else {
      json.object("lastRun")
          .put("at", run.at())
          .put("seconds", seconds(run.took()))
          .put("listed", run.listed())
          .put("identitiesRead", run.read())
          .put("couldNotAsk", run.couldNotAsk())
          .put("complete", run.complete())
          .end();
    }
    json.put("lastCompleteAt", reading.lastCompleteAt()).array("cannotWatch");
    region.region().notAsked().cannotWatch().forEach(json::add);
    json.end();
  }

  private static void counts(JsonWriter json, FleetCounts counts) {
    json.put("asOf", counts.asOf()).put("identities", counts.identities());
    byEffect(json, counts.byEffect());
    json.object("byPhase");
    for (Phase phase : Phase.values()) {
      json.put(JsonWriter.word(phase), counts.of(phase));
    }
    json.end();
  }

  static void byEffect(JsonWriter json, Map<Effect, Integer> effects) {
    json.object("byEffect");
    for (Effect effect : Effect.values()) {
      json.put(effect.name(), effects.getOrDefault(effect, 0));
    }
    json.end();
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1000.0;
  }

  static String problem(
      ProblemType type, String detail, List<Problem> violations, List<Problem> warnings) {
    JsonWriter json =
        new JsonWriter()
            .put("type", type.urn())
            .put("title", type.title())
            .put("status", type.status())
            .put("detail", detail);
    json.objects(
        "violations",
        violations,
        violation ->
            json.put("code", violation.code())
                .put("message", violation.message())
                .put("pointer", violation.pointer()));
    warnings(json, warnings);
    return json.text();
  }
}
