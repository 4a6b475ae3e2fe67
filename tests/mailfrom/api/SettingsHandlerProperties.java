package mailfrom.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.Map;
import java.util.Set;
import mailfrom.app.json.IdentityJson;
import mailfrom.app.json.JsonWriter;
import mailfrom.domain.desired.Desired;
import mailfrom.domain.name.DomainName;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.statistics.Statistics;
import org.jspecify.annotations.Nullable;

/** Claims about any request at all. Each answer is held against the contract by {@link Door}. */
class SettingsHandlerProperties {

  @Property
  void noRequestIsAnsweredWith5xxAndOnlyValidOnesGetThrough(
      @ForAll("requests") TestEvents request) {
    Door door = Door.ofOneRegion();
    Door.Answer answer = door.ask(request);
    assertTrue(answer.status() < 500, answer.text());
    boolean through = !door.calls.made.isEmpty();
    Statistics.label("through")
        .collect(through)
        .coverage(c -> c.check(true).percentage(p -> p > 3));
    boolean contract = answer.text().startsWith("openapi");
    assertEquals(answer.status() == 200 && !contract, through);
    for (FakeSettingsApi.Made made : door.calls.made) {
      Desired desired = made.desired();
      if (desired != null && desired.settings().mailFromDomain() != null) {
        DomainName name = desired.settings().mailFromDomain();
        assertEquals(name, DomainName.of(name.value()));
      }
      if (desired != null) {
        assertTrue(desired.labels().size() <= 5);
      }
    }
  }

  @Property
  void everyBodyThatIsTakenFitsTheSchemaAndComesBackAsItWas(@ForAll("bodies") String body) {
    Desired desired = taken(body);
    if (desired != null) {
      assertEquals(
          Set.of(),
          Door.CONTRACT.problems(
              Door.CONTRACT.document().at("/components/schemas/Desired"),
              Door.CONTRACT.read(body)));
      JsonWriter json = new JsonWriter();
      IdentityJson.desired(json, desired);
      assertEquals(desired, taken(Door.CONTRACT.read(json.text()).get("desired").toString()));
    }
  }

  /** What a PUT of a body asks for; null when it is not taken. */
  private static @Nullable Desired taken(String body) {
    Door door = Door.ofOneRegion();
    int status = door.ask(TestEvents.put("example.com", body)).status();
    return status == 200 ? door.calls.made.getFirst().desired() : null;
  }

  @Provide
  Arbitrary<TestEvents> requests() {
    Arbitrary<String> methods =
        Arbitraries.of("PUT", "PUT", "PUT", "GET", "DELETE", "POST", "PATCH", "");
    Arbitrary<Map<String, String>> someQueries =
        Arbitraries.maps(
                Arbitraries.frequencyOf(
                    Tuple.of(
                        6,
                        Arbitraries.of(
                            "region", "dryRun", "limit", "cursor", "q", "effect", "managed")),
                    Tuple.of(1, Arbitraries.strings().ofMaxLength(5))),
                Arbitraries.oneOf(
                    Arbitraries.of("us-east-1", "true", "10", "CUSTOM", ""),
                    Arbitraries.strings().ofMaxLength(8)))
            .ofMaxSize(2);
    Arbitrary<Map<String, String>> queries =
        Arbitraries.frequencyOf(Tuple.of(5, Arbitraries.just(Map.of())), Tuple.of(1, someQueries));
    Arbitrary<String> contentTypes =
        Arbitraries.of(
            "application/json", "application/json", "application/json; charset=utf-8", "text/csv");
    return Combinators.combine(methods, paths(), queries, contentTypes, bodies())
        .as(
            (method, path, query, contentType, body) -> {
              TestEvents request =
                  TestEvents.request(method, path).header("Content-Type", contentType).body(body);
              query.forEach(request::query);
              return request;
            });
  }

  private static Arbitrary<String> paths() {
    Arbitrary<String> ends = Arbitraries.of("", "", "", "", "/desired", "/check", "/history", "/x");
    return Arbitraries.oneOf(
        Combinators.combine(names(), ends).as((name, end) -> TestEvents.mailFrom(name) + end),
        Combinators.combine(names(), ends)
            .as((name, end) -> TestEvents.mailFrom(TestEvents.encoded(name)) + end),
        Arbitraries.of("/v1/identities", "/v1/summary", "/v1/openapi.yaml"),
        Arbitraries.strings().ofMaxLength(30));
  }

  private static Arbitrary<String> names() {
    Arbitrary<String> labels =
        Arbitraries.strings().withChars("aZ0-_.@+/%~\"ü。\ud83d\ude00 ").ofMaxLength(12);
    return Arbitraries.frequencyOf(
        Tuple.of(
            6,
            Arbitraries.of(
                "example.com", "Ada@example.com", "bounce.example.com", "bücher.example.")),
        Tuple.of(2, labels.map(label -> label + ".example.com")),
        Tuple.of(2, labels.map(label -> label + "@example.com")),
        Tuple.of(1, labels),
        Tuple.of(1, Arbitraries.strings().ofMaxLength(20)));
  }

  @Provide
  Arbitrary<String> bodies() {
    Arbitrary<String> values =
        Arbitraries.oneOf(
            names().map(SettingsHandlerProperties::json),
            Arbitraries.of(
                "null",
                "\"RejectMessage\"",
                "\"staged\"",
                "[\"RECEIVES_MAIL\"]",
                "[\"NAME_IN_USE\",\"ALREADY_SET\"]",
                "{\"customer\":\"4711\"}",
                "{}",
                "[]",
                "[[[]]]",
                "7",
                "true"));
    Arbitrary<String> fields =
        Combinators.combine(
                Arbitraries.of(
                    "mailFromDomain",
                    "mailFromDomain",
                    "behaviorOnMxFailure",
                    "activation",
                    "accept",
                    "labels",
                    "other"),
                values)
            .as((name, value) -> "\"" + name + "\":" + value);
    Arbitrary<String> plausible =
        Combinators.combine(
                names().map(SettingsHandlerProperties::json),
                Arbitraries.of(
                    "",
                    ",\"behaviorOnMxFailure\":\"RejectMessage\"",
                    ",\"activation\":\"whenReady\"",
                    ",\"accept\":[\"RECEIVES_MAIL\"]",
                    ",\"labels\":{\"a.b\":\"c d\"}"))
            .as((name, more) -> "{\"mailFromDomain\":" + name + more + "}");
    return Arbitraries.oneOf(
        plausible,
        fields.list().ofMaxSize(5).map(list -> "{" + String.join(",", list) + "}"),
        Arbitraries.strings().ofMaxLength(40));
  }

  private static String json(String text) {
    return JsonNodeFactory.instance.textNode(text).toString();
  }
}
