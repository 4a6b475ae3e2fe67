package mailfrom.api;

import java.util.List;
import mailfrom.app.json.IdentityJson;
import mailfrom.app.json.JsonWriter;
import mailfrom.app.settings.SettingsApi;
import mailfrom.app.settings.Telling;
import mailfrom.app.store.HistoryEntry;
import mailfrom.domain.desired.Desired;
import mailfrom.domain.desired.DesiredState;
import mailfrom.domain.desired.Drift;
import mailfrom.domain.desired.Plan;
import mailfrom.domain.desired.PlanAction;
import mailfrom.domain.desired.Problem;
import mailfrom.domain.desired.Progress;
import mailfrom.domain.desired.Violation;
import mailfrom.domain.effect.EffectState;
import mailfrom.domain.identity.Dmarc;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.identity.MailFromDns;
import mailfrom.domain.incident.Incident;
import mailfrom.domain.incident.IncidentState;
import mailfrom.domain.incident.Trouble;
import mailfrom.domain.name.IdentityKey;
import mailfrom.domain.name.IdentityName;
import mailfrom.domain.ses.Settings;
import org.jspecify.annotations.Nullable;

/**
 * The JSON of answers about identities: one, a page of them, who speaks for an address, what
 * happened.
 */
final class IdentityRepresentation {
  private IdentityRepresentation() {}

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
      Representation.warnings(json, change.warnings());
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
    json.objects(
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
    json.objects(
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

  static String fleet(List<SettingsApi.IdentityView> identities, @Nullable String nextCursor) {
    JsonWriter json = new JsonWriter();
    json.objects("items", identities, view -> unchanged(json, view));
    return json.put("nextCursor", nextCursor).text();
  }

  static String history(List<HistoryEntry> entries, @Nullable String nextCursor) {
    JsonWriter json = new JsonWriter();
    json.objects(
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
    json.objects(
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
}
