package mailfrom.api;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import mailfrom.app.batch.Batch;
import mailfrom.app.batch.BatchApi;
import mailfrom.app.batch.BatchItem;
import mailfrom.app.fleet.FleetCounts;
import mailfrom.app.json.IdentityJson;
import mailfrom.app.json.JsonWriter;
import mailfrom.app.settings.SettingsApi;
import mailfrom.app.settings.Telling;
import mailfrom.app.store.HistoryEntry;
import mailfrom.app.store.RegionState;
import mailfrom.app.tell.SilenceApi;
import mailfrom.app.tell.TestAlertApi;
import mailfrom.app.tell.Topics;
import mailfrom.domain.desired.Desired;
import mailfrom.domain.desired.DesiredState;
import mailfrom.domain.desired.Drift;
import mailfrom.domain.desired.Plan;
import mailfrom.domain.desired.PlanAction;
import mailfrom.domain.desired.Problem;
import mailfrom.domain.desired.Progress;
import mailfrom.domain.desired.Violation;
import mailfrom.domain.effect.Effect;
import mailfrom.domain.effect.EffectState;
import mailfrom.domain.effect.Phase;
import mailfrom.domain.identity.Dmarc;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.identity.MailFromDns;
import mailfrom.domain.identity.Silence;
import mailfrom.domain.incident.Incident;
import mailfrom.domain.incident.IncidentState;
import mailfrom.domain.incident.Trouble;
import mailfrom.domain.name.IdentityKey;
import mailfrom.domain.name.IdentityName;
import mailfrom.domain.ses.Settings;
import org.jspecify.annotations.Nullable;

/** The JSON of answers, as the contract shows it. */
final class Representation {
  private Representation() {}

  /**
   * What a call did to an identity.
   *
   * @param changed whether it changed anything, or would have; null for reads
   */
  record Change(@Nullable Boolean changed, boolean dryRun, List<Problem> warnings) {}

  static String identity(SettingsApi.IdentityView view, Change change) {
    JsonWriter json = new JsonWriter();
    identity(json, view);
    // A warning is never dropped.
    if (change.changed() == null && change.warnings().isEmpty()) {
      json.putNull("warnings");
    } else {
      warnings(json, change.warnings());
    }
    return json.put("changed", change.dryRun() ? (Boolean) false : change.changed())
        .put("wouldChange", change.dryRun() ? change.changed() : null)
        .text();
  }

  /** An identity as reads show it: of warnings and of a change only answers to writes know. */
  private static void unchanged(JsonWriter json, SettingsApi.IdentityView view) {
    identity(json, view);
    json.putNull("warnings").putNull("changed").putNull("wouldChange");
  }

  /** The fields of an identity that every answer has. */
  private static void identity(JsonWriter json, SettingsApi.IdentityView view) {
    IdentityState state = view.state();
    EffectState effectState = state.effectState();
    // Settings may be recorded for an identity that could not be read yet: nothing is known then.
    boolean seen = state.wasSeen();
    DesiredState desired = state.desiredState();
    IdentityJson.key(json, state.key());
    json.put("effect", seen ? effectState.effect() : null)
        .put("cause", seen ? effectState.cause() : null)
        .putWord("phase", seen ? effectState.phase() : null)
        .put("trouble", state.trouble().map(Trouble::kind).orElse(null))
        .putWord("severity", state.trouble().map(Trouble::severity).orElse(null))
        .put("recovering", state.isRecovering())
        .put("since", seen ? effectState.since() : null)
        .put("notBefore", seen ? effectState.notBefore() : null)
        .put("deadline", state.deadline());
    IdentityJson.live(
        json, seen ? state.sesView().live() : null, state.healingState().expected() != null);
    json.put("asOf", seen ? view.asOf() : null);
    IdentityJson.desired(json, desired == null ? null : desired.desired());
    progress(json, desired == null ? null : desired.progress(), view.waitingFor());
    drift(json, state);
    plan(json, view.plan());
    IdentityJson.dns(json, MailFromDns.of(state));
    Dmarc dmarc = Dmarc.of(state);
    json.object("dmarc").putWord("spf", dmarc.spf()).putWord("dkim", dmarc.dkim()).end();
    incident(json, state.incidentState().incident(), view.telling());
    telling(json, view.telling());
    each(
        json,
        "silencedBy",
        view.silencedBy(),
        silence ->
            json.put("id", silence.id())
                .put("until", silence.until())
                .put("reason", silence.reason()));
  }

  private static void progress(
      JsonWriter json, @Nullable Progress progress, @Nullable String waitingFor) {
    if (progress == null) {
      json.putNull("progress");
      return;
    }
    json.object("progress")
        .put("state", progress.state())
        .put("by", progress.by())
        .put("at", progress.at())
        .put("attempts", progress.attempts())
        .put("lastError", progress.lastError())
        .put("waitingFor", waitingFor);
    Progress.LateCheck check = progress.lateCheck();
    each(
        json,
        "violations",
        check == null ? List.<Violation>of() : check.violations(),
        broken -> json.put("code", broken.code()).put("message", broken.message()));
    json.end();
  }

  /** What somebody else put in the place of what was asked for. */
  private static void drift(JsonWriter json, IdentityState state) {
    Drift drift = state.drift();
    Desired desired = state.desired();
    if (drift == null || desired == null) {
      json.putNull("drift");
      return;
    }
    json.object("drift").put("since", drift.since()).put("by", drift.by()).object("live");
    IdentityJson.settings(json, drift.live());
    json.end().object("desired");
    IdentityJson.settings(json, desired.settings());
    json.end().end();
  }

  private static void plan(JsonWriter json, Plan plan) {
    json.array("plan");
    switch (plan) {
      case Plan.Call(PlanAction action, Settings settings, Plan.Why why) ->
          step(json, action, settings, "now", why);
      case Plan.Wait(PlanAction action, Settings settings, Progress.State state, Plan.Why why) ->
          step(json, action, settings, "later", why);
      case Plan.Nothing nothing -> {}
    }
    json.end();
  }

  private static void step(
      JsonWriter json, PlanAction action, Settings settings, String when, Plan.Why why) {
    json.object().put("action", action);
    IdentityJson.settings(json, settings);
    json.put("when", when).put("why", why).put("because", why.words()).end();
  }

  private static void incident(JsonWriter json, @Nullable Incident incident, Telling telling) {
    if (incident == null) {
      json.putNull("incident");
      return;
    }
    json.object("incident")
        .put("id", incident.id())
        .put("startedAt", incident.startedAt())
        .array("told");
    telling.told().forEach(json::add);
    json.end().end();
  }

  private static void telling(JsonWriter json, Telling telling) {
    IncidentState.LastTold last = telling.last();
    json.object("telling");
    if (last == null) {
      json.putNull("last");
    } else {
      json.object("last").put("reason", last.reason()).put("at", last.at()).end();
    }
    json.put("quietBecause", telling.quietBecause())
        .put("silence", telling.silence() == null ? null : telling.silence().id())
        .put("nextReminderAt", telling.nextReminderAt())
        .end();
  }

  private static void warnings(JsonWriter json, List<Problem> warnings) {
    each(
        json,
        "warnings",
        warnings,
        warning -> json.put("code", warning.code()).put("message", warning.message()));
  }

  /** An array of objects; the fields of each are written by the consumer. */
  private static <T> void each(
      JsonWriter json, String name, Iterable<T> elements, Consumer<T> fields) {
    json.array(name);
    for (T element : elements) {
      json.object();
      fields.accept(element);
      json.end();
    }
    json.end();
  }

  static String fleet(List<SettingsApi.IdentityView> identities, @Nullable String nextCursor) {
    JsonWriter json = new JsonWriter();
    each(json, "items", identities, view -> unchanged(json, view));
    return json.put("nextCursor", nextCursor).text();
  }

  static String history(List<HistoryEntry> entries, @Nullable String nextCursor) {
    JsonWriter json = new JsonWriter();
    each(
        json,
        "items",
        entries,
        entry ->
            json.put("at", entry.at())
                .put("by", entry.by())
                .put("what", entry.what().word())
                .put("action", entry.action())
                .put("before", entry.before())
                .put("after", entry.after()));
    return json.put("nextCursor", nextCursor).text();
  }

  /** Who speaks for a From address, and why. */
  static String sender(SettingsApi.Sender sender) {
    IdentityKey key = sender.address();
    SettingsApi.IdentityView winner = sender.winner();
    JsonWriter json =
        new JsonWriter()
            .put("account", key.account())
            .put("region", key.region())
            .put("address", key.name().value())
            .put("why", why(sender));
    if (winner == null) {
      json.putNull("winner");
    } else {
      json.object("winner");
      unchanged(json, winner);
      json.end();
    }
    each(
        json,
        "candidates",
        sender.candidates(),
        candidate -> json.put("identity", candidate.name().value()).put("role", candidate.role()));
    return json.text();
  }

  private static String why(SettingsApi.Sender sender) {
    SettingsApi.IdentityView winner = sender.winner();
    if (winner == null) {
      return "Neither the address nor a domain above it is verified in this Region: SES refuses its"
          + " mail.";
    }
    IdentityName name = winner.state().key().name();
    return name.equals(sender.address().name())
        ? "The address itself is verified, and the most granular verified identity wins: a domain's"
            + " MAIL FROM does not count for it."
        : "%s is the most granular verified identity above the address, and that one wins."
            .formatted(name);
  }

  static String released(SettingsApi.Released released) {
    return new JsonWriter()
        .put("region", released.region())
        .put("released", released.heldSince() != null)
        .put("heldSince", released.heldSince())
        .text();
  }

  /** A silence, as it stands at an instant. */
  static String silence(Silence silence, Instant now) {
    JsonWriter json = new JsonWriter();
    silence(json, silence.id(), silence, null, now);
    return json.text();
  }

  /** A new silence, with whom it means. */
  static String silence(Silence silence, boolean dryRun, SilenceApi.Matches matches, Instant now) {
    JsonWriter json = new JsonWriter();
    silence(json, dryRun ? null : silence.id(), silence, matches, now);
    return json.text();
  }

  private static void silence(
      JsonWriter json,
      @Nullable String id,
      Silence silence,
      SilenceApi.@Nullable Matches matches,
      Instant now) {
    Silence.Match match = silence.match();
    json.put("id", id)
        .object("match")
        .put("name", match.name())
        .put("region", match.region())
        .put("label", match.label())
        .put("cause", match.cause())
        .end()
        .put("from", silence.from())
        .put("until", silence.until())
        .put("reason", silence.reason())
        .put("by", silence.by())
        .put("state", silence.state(now));
    if (matches == null) {
      json.putNull("matches").putNull("warning");
      return;
    }
    json.object("matches").put("count", matches.count());
    each(
        json,
        "first",
        matches.first(),
        key -> json.put("identity", key.name().value()).put("region", key.region()));
    json.end()
        .put(
            "warning",
            matches.count() > 0
                ? null
                : "No identity is meant now, so nothing is held back. Look whether name, label and"
                    + " cause are spelt as GET /v1/identities has them.");
  }

  static String silences(List<Silence> page, @Nullable String nextCursor, Instant now) {
    JsonWriter json = new JsonWriter();
    each(json, "items", page, silence -> silence(json, silence.id(), silence, null, now));
    return json.put("nextCursor", nextCursor).text();
  }

  static String testAlert(TestAlertApi.Outcome.AllSent all) {
    JsonWriter json = new JsonWriter();
    each(
        json,
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

  /** A batch in answers to writes: without its items. */
  static String batch(Batch batch) {
    JsonWriter json = new JsonWriter();
    head(json, batch);
    return json.text();
  }

  /** A page of batches, without their items. */
  static String batches(List<Batch> page, @Nullable String nextCursor) {
    JsonWriter json = new JsonWriter();
    each(json, "items", page, batch -> head(json, batch));
    return json.put("nextCursor", nextCursor).text();
  }

  /** A batch with a page of its items. */
  static String batch(BatchApi.Page page, @Nullable String nextCursor) {
    JsonWriter json = new JsonWriter();
    facts(json, page.batch());
    Map<Effect, Integer> byEffect = page.byEffect();
    if (byEffect == null) {
      json.putNull("byEffect");
    } else {
      byEffect(json, byEffect);
    }
    each(json, "items", page.items(), item -> item(json, item));
    return json.put("nextCursor", nextCursor).text();
  }

  private static void head(JsonWriter json, Batch batch) {
    facts(json, batch);
    json.putNull("byEffect").putNull("items").putNull("nextCursor");
  }

  private static void item(JsonWriter json, BatchItem item) {
    json.put("identity", item.key().name().value())
        .put("region", item.key().region())
        .put("state", item.state());
    each(
        json,
        "violations",
        item.broken(),
        broken -> json.put("code", broken.code()).put("message", broken.message()));
    json.put("lastError", item.lastError());
  }

  private static void facts(JsonWriter json, Batch batch) {
    json.put("id", batch.id())
        .put("state", batch.state())
        .put("reason", batch.reason())
        .put("dryRun", batch.dryRun())
        .put("by", batch.by())
        .put("createdAt", batch.createdAt())
        .put("endedAt", batch.endedAt())
        .object("counts");
    batch.counts().forEach((state, count) -> json.put(state.name(), count));
    json.end();
  }

  static String summary(String account, SettingsApi.Summary summary) {
    JsonWriter json = new JsonWriter().put("account", account);
    counts(json, summary.counts());
    each(json, "regions", summary.regions(), region -> region(json, region));
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

  private static void byEffect(JsonWriter json, Map<Effect, Integer> effects) {
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
    each(
        json,
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
