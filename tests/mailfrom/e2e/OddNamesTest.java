package mailfrom.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import mailfrom.local.DnsRecords;
import mailfrom.local.HandlersInProcess;
import mailfrom.local.LocalCloud;
import mailfrom.local.LocalSes;
import mailfrom.local.QueueBatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Names that are not as everybody's, from SES's list to the API, and from events to a read. */
class OddNamesTest {
  private static final String REGION = "us-east-1";
  private static final String L64 = "l".repeat(64);
  private static final String D63 = "d".repeat(63);

  /** Whom we can ask for under the text that SES lists; domains are compared without case. */
  private static final List<String> WATCHED =
      List.of(
          "a~b@tilde.example",
          "a/b@slash.example",
          "a%2Fb@percent.example",
          "a+b@plus.example",
          "a b@space.example",
          "jörg@local.example",
          "News@UPPER.example",
          "news@UPPER.example",
          "UPPER.Example",
          "xn--bcher-kva.example",
          "low_line.example",
          // An address of 254 characters, and a domain of 253.
          L64 + "@" + D63 + "." + D63 + "." + "e".repeat(53) + ".example",
          D63 + "." + D63 + "." + D63 + "." + "e".repeat(53) + ".example");

  /** They are no names, or we would ask for them in another form. */
  private static final List<String> NOT_WATCHED =
      List.of(
          "dot.example.",
          "a@dot.example.",
          "mörder.example",
          "a@mörder.example",
          "@nobody.example",
          "two..dots.example",
          D63 + "." + D63 + "." + D63 + "." + "e".repeat(54) + ".example");

  private final LocalCloud cloud =
      new LocalCloud(LocalCloud.Options.forTests(), HandlersInProcess::of);
  private final Http http = new Http(cloud.url());

  @AfterEach
  void close() {
    cloud.close();
  }

  private void verified(String name) {
    if (name.contains("@")) {
      cloud.ses().addAddress(REGION, name, true);
    } else {
      cloud.ses().addDomain(REGION, name, true);
    }
  }

  private JsonNode run() {
    cloud.clock().advance(Duration.ofMinutes(15));
    return http.post("/local/watch", "").json().path("read").path("regions").path(0);
  }

  private static String path(String name) {
    return "/v1/identities/"
        + URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20")
        + "/mail-from";
  }

  private static Set<String> texts(JsonNode array, @Nullable String field) {
    Set<String> texts = new TreeSet<>();
    array.forEach(one -> texts.add((field == null ? one : one.path(field)).asText()));
    return texts;
  }

  @Test
  void whateverSesListsIsWatchedOrCountedAndNamed() {
    WATCHED.forEach(this::verified);
    NOT_WATCHED.forEach(this::verified);
    for (int i = 0; i < 2; i++) {
      JsonNode run = run();
      assertTrue(run.path("complete").asBoolean(), run::toString);
      assertEquals(WATCHED.size() + NOT_WATCHED.size(), run.path("listed").asInt());
      assertEquals(WATCHED.size(), run.path("read").asInt(), run::toString);
    }
    JsonNode region = http.get("/v1/summary").json().path("regions").path(0);
    assertEquals(new TreeSet<>(NOT_WATCHED), texts(region.path("cannotWatch"), null));
    Set<String> fleet = new TreeSet<>();
    for (String name : WATCHED) {
      int at = name.lastIndexOf('@') + 1;
      fleet.add(name.substring(0, at) + name.substring(at).toLowerCase(Locale.ROOT));
      assertEquals("DEFAULT", http.get(path(name)).json().path("effect").asText(), name);
      assertEquals(200, http.post(path(name) + "/check", "").status(), name);
    }
    assertEquals(fleet, texts(http.get("/v1/identities").json().path("items"), "identity"));
    assertEquals("DEFAULT", http.effect("a~b@tilde.example"), "as it is, and percent-encoded");
    NOT_WATCHED.forEach(
        name -> assertTrue(List.of(400, 404).contains(http.get(path(name)).status()), name));
  }

  /** Health and CloudTrail name identities by ARNs of each partition. */
  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          arn:aws:ses:us-east-1:123456789012:identity/example.com
          arn:aws-us-gov:ses:us-gov-west-1:123456789012:identity/example.com
          arn:aws-cn:ses:cn-north-1:123456789012:identity/example.com
          arn:aws-eusc:ses:eusc-de-east-1:123456789012:identity/EXAMPLE.com
          Example.COM
          example.com.
          bounce.example.com
          Bounce.Example.com.
          """)
  void anEventReadsTheIdentityThatItNamesInWhateverForm(String entity) {
    cloud.dns().put("bounce.example.com", DnsRecords.mailFrom(REGION));
    cloud
        .ses()
        .put(
            REGION,
            "example.com",
            "bounce.example.com",
            LocalSes.OnMxFailure.USE_DEFAULT_VALUE,
            LocalSes.Status.SUCCESS,
            cloud.clock().instant());
    List<String> effects = new ArrayList<>();
    assertTrue(run().path("complete").asBoolean());
    effects.add(http.effect("example.com"));
    cloud.ses().clearMailFrom(REGION, "example.com");
    cloud.clock().advance(Duration.ofMinutes(1));
    Http.Answer answer =
        http.post("/local/event", QueueBatch.health(entity, cloud.clock().instant()));
    assertTrue(answer.status() < 300, answer::toString);
    effects.add(http.effect("example.com"));
    assertEquals(List.of("CUSTOM", "FALLBACK REMOVED"), effects);
  }
}
