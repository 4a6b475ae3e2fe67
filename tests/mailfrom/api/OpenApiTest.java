package mailfrom.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import mailfrom.api.request.InputCode;
import mailfrom.app.batch.Batch;
import mailfrom.app.batch.BatchItem;
import mailfrom.app.fleet.FleetFact;
import mailfrom.app.json.JsonWriter;
import mailfrom.app.store.HistoryEntry;
import mailfrom.app.tell.TestAlertApi;
import mailfrom.app.tell.Topics;
import mailfrom.domain.desired.Activation;
import mailfrom.domain.desired.Plan;
import mailfrom.domain.desired.PlanAction;
import mailfrom.domain.desired.Problem;
import mailfrom.domain.desired.Progress;
import mailfrom.domain.desired.ViolationCode;
import mailfrom.domain.desired.WarningCode;
import mailfrom.domain.effect.Cause;
import mailfrom.domain.effect.Effect;
import mailfrom.domain.effect.Phase;
import mailfrom.domain.findings.FindingCode;
import mailfrom.domain.findings.FindingSeverity;
import mailfrom.domain.findings.RecordToDo;
import mailfrom.domain.identity.Silence;
import mailfrom.domain.incident.Decision;
import mailfrom.domain.incident.Reason;
import mailfrom.domain.incident.Severity;
import mailfrom.domain.incident.TroubleKind;
import mailfrom.domain.ses.BehaviorOnMxFailure;
import mailfrom.domain.ses.MailFromStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** openapi.yaml against the handler, the domain's words and the template. */
class OpenApiTest {
  private final Contract contract = Door.CONTRACT;

  @Test
  void itsRoutesAreTheHandlers() {
    assertEquals(
        Arrays.stream(Route.values())
            .map(route -> route.method() + " " + route.path())
            .collect(Collectors.toSet()),
        contract.routes());
  }

  @Test
  void theTemplateHasAllItsRoutes() throws IOException {
    Set<String> routes = new TreeSet<>();
    for (JsonNode resource :
        new YAMLMapper().readTree(Path.of("template.yaml").toFile()).get("Resources")) {
      for (JsonNode event : resource.path("Properties").path("Events")) {
        if (event.path("Type").asText().equals("HttpApi")) {
          JsonNode properties = event.get("Properties");
          routes.add(
              properties.get("Method").textValue() + " " + properties.get("Path").textValue());
        }
      }
    }
    assertTrue(routes.containsAll(contract.routes()), () -> "the template has " + routes);
  }

  /** YAML ends a text without quotes at its comma, where a brace is open: the rest was a key. */
  @Test
  void noPartOfADescriptionIsAKey() {
    Set<String> cut = new TreeSet<>();
    keys(contract.document(), cut);
    assertEquals(Set.of(), cut);
  }

  private static void keys(JsonNode node, Set<String> cut) {
    node.properties().stream()
        .map(Map.Entry::getKey)
        .filter(key -> key.contains(" "))
        .forEach(cut::add);
    node.forEach(inner -> keys(inner, cut));
  }

  @Test
  void everyFieldIsDescribed() {
    Set<String> silent = new TreeSet<>();
    contract
        .document()
        .at("/components/schemas")
        .properties()
        .forEach(schema -> describedIn(schema.getKey(), schema.getValue(), silent));
    assertEquals(Set.of(), silent);
  }

  @Test
  void everyParameterHeaderAndBodyIsDescribed() {
    Set<String> silent = new TreeSet<>();
    int seen = sentIn("", contract.document(), silent);
    assertTrue(seen > 50, seen + " seen");
    assertEquals(Set.of(), silent);
  }

  /** How many are in a part of the contract; those without a word go into the set. */
  private int sentIn(String at, JsonNode node, Set<String> silent) {
    int seen = 0;
    for (Map.Entry<String, JsonNode> part : node.properties()) {
      String name = at + "/" + part.getKey();
      JsonNode value = part.getValue();
      List<JsonNode> sent =
          switch (part.getKey()) {
            case "parameters", "headers" ->
                StreamSupport.stream(value.spliterator(), false).toList();
            case "requestBody" -> List.of(value);
            default -> List.of();
          };
      sent.stream().filter(one -> !isDescribed(one)).forEach(one -> silent.add(name + " " + one));
      seen += sent.size() + sentIn(name, value, silent);
    }
    return seen;
  }

  /** A kind of problem only says more of what {@code Problem} describes. */
  private void describedIn(String at, JsonNode schema, Set<String> silent) {
    if (schema.isMissingNode() || (schema.has("allOf") && !schema.has("description"))) {
      return;
    }
    for (Map.Entry<String, JsonNode> field : schema.path("properties").properties()) {
      String name = at + "/" + field.getKey();
      if (!isDescribed(field.getValue())) {
        silent.add(name);
      }
      describedIn(name, field.getValue(), silent);
    }
    describedIn(at + "[]", schema.path("items"), silent);
    schema.path("oneOf").forEach(one -> describedIn(at, one, silent));
  }

  private boolean isDescribed(JsonNode schema) {
    return schema.has("description")
        || (schema.has("$ref") && isDescribed(contract.resolved(schema)))
        || schema.path("oneOf").valueStream().anyMatch(this::isDescribed);
  }

  @Test
  void whatTheGatewayAnswersByItselfIsInTheContract() {
    for (JsonNode path : contract.document().get("paths")) {
      for (String method : List.of("get", "put", "post", "delete")) {
        JsonNode responses = path.path(method).path("responses");
        if (!responses.isMissingNode()) {
          assertTrue(responses.has("429"), () -> "no 429 in " + path.path(method));
        }
      }
    }
    for (String response : List.of("TooFast", "Forbidden", "NoSuchPath")) {
      assertTrue(
          contract
              .document()
              .at("/components/responses/" + response + "/content")
              .has("application/json"),
          response);
    }
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          parameters/ifMatch, '"0123"',   '0123'
          parameters/ifMatch, '*',        '**'
          parameters/cursor,  'ZDk5_-',   'a=b'
          parameters/region,  'eu-west-1', 'Ireland'
          """)
  void aParameterHasTheFormThatIsTaken(String parameter, String right, String wrong) {
    JsonNode schema = contract.document().at("/components/" + parameter + "/schema");
    assertEquals(Set.of(), contract.problems(schema, TextNode.valueOf(right)));
    assertEquals(1, contract.problems(schema, TextNode.valueOf(wrong)).size());
  }

  @Test
  void itListsEveryProblemType() {
    Set<String> types = new TreeSet<>();
    for (JsonNode schema : contract.document().at("/components/schemas")) {
      JsonNode properties = schema.path("properties");
      if (properties.path("type").has("const")) {
        types.add(
            properties.at("/status/const").asText()
                + " "
                + properties.at("/type/const").textValue());
      }
    }
    assertEquals(
        Arrays.stream(ProblemType.values())
            .map(type -> type.status() + " " + type.urn())
            .collect(Collectors.toSet()),
        types);
  }

  @Test
  void theFleetCanBeAskedForEachFactByItsWords() {
    Map<String, Set<String>> facts = new TreeMap<>();
    for (JsonNode parameter : contract.document().at("/paths/~1v1~1identities/get/parameters")) {
      JsonNode item = contract.resolved(parameter.at("/schema/items"));
      Set<String> words = new TreeSet<>();
      item.path("enum").forEach(word -> words.add(word.textValue()));
      if (item.path("type").asText().equals("boolean")) {
        words.addAll(Set.of("true", "false"));
      }
      if (!words.isEmpty()) {
        facts.put(parameter.get("name").textValue(), words);
      }
    }
    assertEquals(
        Arrays.stream(FleetFact.values())
            .collect(Collectors.toMap(FleetFact::word, fact -> Set.copyOf(fact.words()))),
        facts);
  }

  @Test
  void itsWordsAreTheDomains() {
    words("Effect/enum", Effect.values(), Effect::name);
    words("Cause/enum", Cause.values(), Cause::name);
    words("Phase/enum", Phase.values(), JsonWriter::word);
    words("Severity/enum", Severity.values(), JsonWriter::word);
    words("Trouble/enum", TroubleKind.values(), TroubleKind::name);
    words("Behavior/enum", BehaviorOnMxFailure.values(), BehaviorOnMxFailure::word);
    words("Activation/enum", Activation.values(), Activation::word);
    ViolationCode[] overridable =
        Arrays.stream(ViolationCode.values())
            .filter(ViolationCode::overridable)
            .toArray(ViolationCode[]::new);
    words("Desired/properties/accept/items/enum", overridable, ViolationCode::name);
    words(
        "Identity/properties/progress/properties/state/enum",
        Progress.State.values(),
        Progress.State::name);
    words("Reason/enum", Reason.values(), Reason::name);
    words("Quiet/enum", Decision.Quiet.values(), Decision.Quiet::name);
    words(
        "HistoryPage/properties/items/items/properties/what/enum",
        HistoryEntry.What.values(),
        HistoryEntry.What::word);
    words("BatchState/enum", Batch.State.values(), Batch.State::name);
    words("BatchItemState/enum", BatchItem.State.values(), BatchItem.State::name);
    assertEquals(
        codes(ViolationCode.values(), BatchItem.Invalid.values()),
        enumOf("BatchItem/properties/violations/items/properties/code/enum"));
    words("Silence/properties/state/enum", Silence.State.values(), Silence.State::name);
    words(
        "TestAlert/properties/sent/items/properties/topic/enum",
        Topics.Name.values(),
        JsonWriter::word);
    words(
        "TestAlert/properties/sent/items/properties/form/enum",
        TestAlertApi.Form.values(),
        TestAlertApi.Form::name);
    words("PlanStep/properties/action/enum", PlanAction.values(), PlanAction::name);
    words(
        "HistoryPage/properties/items/items/properties/action/oneOf/0/enum",
        PlanAction.values(),
        PlanAction::name);
    words(
        "HistoryPage/properties/items/items/properties/what/enum",
        HistoryEntry.What.values(),
        HistoryEntry.What::word);
    words("PlanStep/properties/why/enum", Plan.Why.values(), Plan.Why::name);
    words("Record/properties/state/enum", RecordToDo.State.values(), JsonWriter::word);
    words("FindingCode/enum", FindingCode.values(), FindingCode::name);
    words("Finding/properties/severity/enum", FindingSeverity.values(), JsonWriter::word);
    Set<String> statuses = new TreeSet<>(Set.of("null"));
    Arrays.stream(MailFromStatus.values()).forEach(status -> statuses.add(status.word()));
    assertEquals(statuses, enumOf("Identity/properties/live/properties/status/enum"));
    Set<String> codes = codes(ViolationCode.values(), InputCode.values());
    codes.add("REFUSED");
    assertEquals(codes, enumOf("Problem/properties/violations/items/properties/code/enum"));
    assertEquals(codes(WarningCode.values(), overridable), enumOf("Warning/properties/code/enum"));
  }

  private static Set<String> codes(Problem.Code[]... sets) {
    return Arrays.stream(sets)
        .flatMap(Arrays::stream)
        .map(Problem.Code::name)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private <E> void words(String schema, E[] values, Function<E, String> word) {
    assertEquals(
        Arrays.stream(values).map(word).collect(Collectors.toSet()), enumOf(schema), schema);
  }

  private Set<String> enumOf(String schema) {
    Set<String> words = new TreeSet<>();
    contract
        .document()
        .at("/components/schemas/" + schema)
        .forEach(word -> words.add(word.asText()));
    return words;
  }
}
