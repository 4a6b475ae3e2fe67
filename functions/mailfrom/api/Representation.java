package mailfrom.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import mailfrom.app.batch.Batch;
import mailfrom.app.batch.BatchItem;
import mailfrom.app.settings.SettingsApi;
import mailfrom.app.store.HistoryEntry;
import mailfrom.app.store.RegionState;
import mailfrom.app.tell.TestAlertApi;
import mailfrom.app.tell.Topics;
import mailfrom.domain.desired.Desired;
import mailfrom.domain.desired.DesiredState;
import mailfrom.domain.desired.Plan;
import mailfrom.domain.desired.PlanAction;
import mailfrom.domain.desired.Progress;
import mailfrom.domain.desired.RuleCheck;
import mailfrom.domain.dns.Finding;
import mailfrom.domain.dns.RecordToDo;
import mailfrom.domain.effect.Effect;
import mailfrom.domain.effect.EffectState;
import mailfrom.domain.effect.Phase;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.identity.Silence;
import mailfrom.domain.incident.Incident;
import mailfrom.domain.incident.Reason;
import mailfrom.domain.name.IdentityKey;
import mailfrom.domain.name.IdentityName;
import mailfrom.domain.ses.Live;
import mailfrom.domain.ses.Settings;
import org.jspecify.annotations.Nullable;

/** The JSON of answers, written by hand: no reflection over our types at a cold start. */
final class Representation {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private Representation() {}

  /** An identity as the contract shows it. What is absent is null, not left out. */
  static ObjectNode identity(
      SettingsApi.IdentityView view, @Nullable Boolean changed, List<RuleCheck.Warning> warnings) {
    IdentityState state = view.state();
    EffectState effectState = state.effectState();
    // Settings may be recorded for an identity that could not be read yet: nothing is known then.
    boolean seen = state.wasSeen();
    DesiredState desiredState = state.desiredState();
    ObjectNode json = NODES.objectNode();
    json.put("account", state.key().account());
    json.put("region", state.key().region());
    json.put("identity", state.key().name().value());
    json.put("effect", seen ? effectState.effect().name() : null);
    json.put("cause", !seen || effectState.cause() == null ? null : effectState.cause().name());
    json.put("phase", !seen || effectState.phase() == null ? null : lower(effectState.phase()));
    json.put("severity", state.severity().map(Representation::lower).orElse(null));
    json.put("since", seen ? effectState.since().toString() : null);
    json.put("notBefore", seen ? text(effectState.notBefore()) : null);
    json.put("deadline", text(state.deadline()));
    json.set("live", seen ? live(state.sesView().live()) : NODES.nullNode());
    json.put("asOf", seen ? view.asOf().toString() : null);
    json.set("desired", desiredState == null ? NODES.nullNode() : desired(desiredState.desired()));
    json.set(
        "progress", desiredState == null ? NODES.nullNode() : progress(desiredState.progress()));
    json.set("plan", plan(view.plan()));
    json.set("records", records(state.dnsState().records()));
    json.set("findings", findings(state.dnsState().findings()));
    Dmarc dmarc = Dmarc.of(state);
    json.putObject("dmarc").put("spf", dmarc.spf().word()).put("dkim", dmarc.dkim().word());
    Incident incident = state.incidentState().incident();
    json.set("incident", incident == null ? NODES.nullNode() : incident(incident));
    // Answers to writes only; a warning is never dropped.
    boolean write = changed != null || !warnings.isEmpty();
    json.set("warnings", write ? warnings(warnings) : NODES.nullNode());
    json.put("changed", changed);
    return json;
  }

  private static ObjectNode live(Live live) {
    ObjectNode json = NODES.objectNode();
    put(json, live.settings());
    json.put("status", live.status() == null ? null : live.status().word());
    return json;
  }

  private static void put(ObjectNode json, Settings settings) {
    json.put(
        "mailFromDomain",
        settings.mailFromDomain() == null ? null : settings.mailFromDomain().value());
    json.put("behaviorOnMxFailure", settings.behaviorOnMxFailure().word());
  }

  /** Exactly the normalised PUT body. */
  private static ObjectNode desired(Desired desired) {
    ObjectNode json = NODES.objectNode();
    put(json, desired.settings());
    json.put("activation", desired.activation().word());
    ArrayNode accept = json.putArray("accept");
    desired.accept().stream().sorted().forEach(code -> accept.add(code.name()));
    ObjectNode labels = json.putObject("labels");
    desired.labels().forEach(labels::put);
    return json;
  }

  private static ObjectNode progress(Progress progress) {
    return NODES
        .objectNode()
        .put("state", progress.state().name())
        .put("by", progress.by())
        .put("at", progress.at().toString())
        .put("attempts", progress.attempts())
        .put("lastError", progress.lastError());
  }

  private static ArrayNode plan(Plan plan) {
    ArrayNode steps = NODES.arrayNode();
    switch (plan) {
      case Plan.Call(PlanAction action, Settings settings, Plan.Why why) ->
          steps.add(step(action, settings, "now", why));
      case Plan.Wait(PlanAction action, Settings settings, Progress.State state, Plan.Why why) ->
          steps.add(step(action, settings, "later", why));
      case Plan.Nothing nothing -> {}
    }
    return steps;
  }

  private static ObjectNode step(PlanAction action, Settings settings, String when, Plan.Why why) {
    ObjectNode json = NODES.objectNode();
    json.put("action", action.name());
    put(json, settings);
    json.put("when", when);
    json.put("why", why.name());
    return json;
  }

  private static ArrayNode records(List<RecordToDo> records) {
    ArrayNode json = NODES.arrayNode();
    for (RecordToDo item : records) {
      json.addObject()
          .put("name", item.name().value())
          .put("type", item.type())
          .put("priority", item.priority())
          .put("value", item.value())
          .put("ttl", item.ttlSeconds())
          .put("state", lower(item.state()));
    }
    return json;
  }

  private static ArrayNode findings(List<Finding> findings) {
    ArrayNode json = NODES.arrayNode();
    for (Finding finding : findings) {
      json.addObject()
          .put("code", finding.code().name())
          .put("severity", lower(finding.severity()))
          .put("message", finding.message())
          .put("expected", finding.expected())
          .put("actual", finding.actual());
    }
    return json;
  }

  private static ObjectNode incident(Incident incident) {
    ObjectNode json = NODES.objectNode();
    json.put("id", incident.id());
    json.put("startedAt", incident.startedAt().toString());
    ArrayNode told = json.putArray("told");
    for (Reason reason : incident.reasons()) {
      told.add(reason.name());
    }
    return json;
  }

  static ArrayNode warnings(List<RuleCheck.Warning> warnings) {
    ArrayNode json = NODES.arrayNode();
    for (RuleCheck.Warning warning : warnings) {
      json.addObject().put("code", warning.code()).put("message", warning.message());
    }
    return json;
  }

  static ObjectNode fleet(List<SettingsApi.IdentityView> identities, @Nullable String nextCursor) {
    ObjectNode json = NODES.objectNode();
    ArrayNode items = json.putArray("items");
    for (SettingsApi.IdentityView view : identities) {
      items.add(identity(view, null, List.of()));
    }
    return json.put("nextCursor", nextCursor);
  }

  static ObjectNode history(List<HistoryEntry> entries, @Nullable String nextCursor) {
    ObjectNode json = NODES.objectNode();
    ArrayNode items = json.putArray("items");
    for (HistoryEntry entry : entries) {
      items
          .addObject()
          .put("at", entry.at().toString())
          .put("by", entry.by())
          .put("what", entry.what().word())
          .put("before", entry.before())
          .put("after", entry.after());
    }
    return json.put("nextCursor", nextCursor);
  }

  /** Who speaks for a From address, and why. */
  static ObjectNode sender(SettingsApi.Sender sender) {
    IdentityKey key = sender.address();
    SettingsApi.IdentityView winner = sender.winner();
    ObjectNode json = NODES.objectNode();
    json.put("account", key.account());
    json.put("region", key.region());
    json.put("address", key.name().value());
    json.put("why", why(sender));
    json.set("winner", winner == null ? NODES.nullNode() : identity(winner, null, List.of()));
    ArrayNode candidates = json.putArray("candidates");
    for (SettingsApi.Candidate candidate : sender.candidates()) {
      candidates
          .addObject()
          .put("identity", candidate.name().value())
          .put("role", candidate.role().name());
    }
    return json;
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

  static ObjectNode released(SettingsApi.Released released) {
    return NODES
        .objectNode()
        .put("region", released.region())
        .put("released", released.heldSince() != null)
        .put("heldSince", text(released.heldSince()));
  }

  /** A silence, as it stands at an instant. */
  static ObjectNode silence(Silence silence, Instant now) {
    Silence.Match match = silence.match();
    ObjectNode json = NODES.objectNode();
    json.put("id", silence.id());
    json.putObject("match")
        .put("name", match.name())
        .put("region", match.region())
        .put("label", match.label())
        .put("cause", match.cause() == null ? null : match.cause().name());
    return json.put("from", silence.from().toString())
        .put("until", silence.until().toString())
        .put("reason", silence.reason())
        .put("by", silence.by())
        .put("state", silence.state(now).name());
  }

  static ObjectNode testAlert(TestAlertApi.Outcome.AllSent all) {
    ObjectNode json = NODES.objectNode();
    ArrayNode sent = json.putArray("sent");
    for (TestAlertApi.Sent one : all.sent()) {
      sent.addObject()
          .put("topic", lower(one.topic()))
          .put("form", one.form().name())
          .put("messageId", one.messageId());
    }
    ObjectNode listeners = json.putObject("listeners");
    for (Topics.Name topic : Topics.Name.values()) {
      listeners.put(lower(topic), all.listeners().get(topic));
    }
    Integer toPeople = all.listeners().get(Topics.Name.ALERTS);
    return json.put("alertsReachNobody", toPeople == null ? null : (Boolean) (toPeople == 0));
  }

  static ObjectNode silences(List<Silence> page, @Nullable String nextCursor, Instant now) {
    ObjectNode json = NODES.objectNode();
    ArrayNode items = json.putArray("items");
    page.forEach(silence -> items.add(silence(silence, now)));
    return json.put("nextCursor", nextCursor);
  }

  /** A batch in answers to writes: without its items. */
  static ObjectNode batch(Batch batch) {
    ObjectNode json = head(batch);
    json.putNull("items");
    return json.putNull("nextCursor");
  }

  /** A batch with a page of its items. */
  static ObjectNode batch(Batch batch, List<BatchItem> page, @Nullable String nextCursor) {
    ObjectNode json = head(batch);
    ArrayNode items = json.putArray("items");
    for (BatchItem item : page) {
      ObjectNode one = items.addObject();
      one.put("identity", item.key().name().value());
      one.put("region", item.key().region());
      one.put("state", item.state().name());
      ArrayNode violations = one.putArray("violations");
      for (BatchItem.Broken broken : item.broken()) {
        violations.addObject().put("code", broken.code()).put("message", broken.message());
      }
      one.put("lastError", item.lastError());
    }
    return json.put("nextCursor", nextCursor);
  }

  private static ObjectNode head(Batch batch) {
    ObjectNode json = NODES.objectNode();
    json.put("id", batch.id());
    json.put("state", batch.state().name());
    json.put("reason", batch.reason());
    json.put("dryRun", batch.dryRun());
    json.put("by", batch.by());
    json.put("createdAt", batch.createdAt().toString());
    json.put("endedAt", text(batch.endedAt()));
    ObjectNode counts = json.putObject("counts");
    batch.counts().forEach((state, count) -> counts.put(state.name(), count));
    return json;
  }

  static ObjectNode summary(String account, SettingsApi.Summary summary) {
    ObjectNode json = NODES.objectNode();
    Map<Effect, Integer> effects = new EnumMap<>(Effect.class);
    Map<Phase, Integer> phases = new EnumMap<>(Phase.class);
    ArrayNode regions = NODES.arrayNode();
    for (SettingsApi.RegionSummary region : summary.regions()) {
      region.byEffect().forEach((effect, count) -> effects.merge(effect, count, Integer::sum));
      region.byPhase().forEach((phase, count) -> phases.merge(phase, count, Integer::sum));
      RegionState state = region.region();
      ObjectNode item = regions.addObject();
      item.put("region", state.region());
      put(item, region.byEffect(), region.byPhase());
      item.set(
          "lastRun",
          state.reading().last() == null ? NODES.nullNode() : lastRun(state.reading().last()));
      item.put("lastCompleteAt", text(state.reading().lastCompleteAt()));
    }
    json.put("account", account);
    put(json, effects, phases);
    json.set("regions", regions);
    json.put("alertsReachNobody", summary.alertsReachNobody());
    return json;
  }

  private static void put(
      ObjectNode json, Map<Effect, Integer> effects, Map<Phase, Integer> phases) {
    json.put("identities", sum(effects.values()));
    ObjectNode byEffect = json.putObject("byEffect");
    for (Effect effect : Effect.values()) {
      byEffect.put(effect.name(), effects.getOrDefault(effect, 0));
    }
    ObjectNode byPhase = json.putObject("byPhase");
    for (Phase phase : Phase.values()) {
      byPhase.put(lower(phase), phases.getOrDefault(phase, 0));
    }
  }

  private static int sum(Collection<Integer> counts) {
    return counts.stream().mapToInt(Integer::intValue).sum();
  }

  private static ObjectNode lastRun(RegionState.LastRun run) {
    return NODES
        .objectNode()
        .put("at", run.at().toString())
        .put("seconds", seconds(run.took()))
        .put("listed", run.listed())
        .put("identitiesRead", run.read())
        .put("couldNotAsk", run.couldNotAsk())
        .put("complete", run.complete());
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1000.0;
  }

  static ObjectNode problem(
      ProblemType type,
      String detail,
      List<ProblemItem> violations,
      List<RuleCheck.Warning> warnings) {
    ObjectNode json = NODES.objectNode();
    json.put("type", type.urn());
    json.put("title", type.title());
    json.put("status", type.status());
    json.put("detail", detail);
    ArrayNode items = json.putArray("violations");
    for (ProblemItem item : violations) {
      items
          .addObject()
          .put("code", item.code())
          .put("message", item.message())
          .put("pointer", item.pointer());
    }
    json.set("warnings", warnings(warnings));
    return json;
  }

  /** An enum's name as the contract spells it where it is not SES's or ours in capitals. */
  static String lower(Enum<?> word) {
    return word.name().toLowerCase(Locale.ROOT);
  }

  private static @Nullable String text(@Nullable Instant instant) {
    return instant == null ? null : instant.toString();
  }
}
