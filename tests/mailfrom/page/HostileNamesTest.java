package mailfrom.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import mailfrom.app.advice.Links;
import mailfrom.app.run.World;
import mailfrom.app.settings.SettingsApi;
import mailfrom.app.store.HistoryEntry;
import mailfrom.app.store.IdentityStore;
import mailfrom.domain.desired.Activation;
import mailfrom.domain.desired.Desired;
import mailfrom.domain.desired.Drift;
import mailfrom.domain.desired.HealPolicy;
import mailfrom.domain.effect.Cause;
import mailfrom.domain.effect.Effect;
import mailfrom.domain.effect.Phase;
import mailfrom.domain.findings.Finding;
import mailfrom.domain.findings.FindingCode;
import mailfrom.domain.findings.FindingSeverity;
import mailfrom.domain.findings.RecordToDo;
import mailfrom.domain.findings.RecordType;
import mailfrom.domain.identity.Caller;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.identity.TestingIdentity;
import mailfrom.domain.name.DomainName;
import mailfrom.domain.name.IdentityKey;
import mailfrom.domain.name.IdentityName;
import mailfrom.domain.ses.BehaviorOnMxFailure;
import mailfrom.domain.ses.Settings;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;

/** Whatever somebody writes into a widget's parameters or forms comes out as text. */
class HostileNamesTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern OTHER_LINK = Pattern.compile("href=\"(?!https://)");
  private static final Pattern TAG =
      Pattern.compile("<(/?[a-z0-9-]+)((?:\\s+[a-zA-Z-]+(?:=\"[^\"]*\")?)*)\\s*>");
  private static final Pattern ATTRIBUTE = Pattern.compile("\\s+([^\\s=\"]+)(=\"[^\"]*\")?");
  private static final Pattern ACTION = Pattern.compile("<cwdb-action [^>]*>([^<]*)</cwdb-action>");

  private static final Set<String> ELEMENTS =
      Set.of(
          "a",
          "button",
          "code",
          "cwdb-action",
          "dd",
          "details",
          "div",
          "dl",
          "dt",
          "form",
          "h1",
          "h2",
          "input",
          "label",
          "li",
          "nav",
          "ol",
          "option",
          "p",
          "pre",
          "rect",
          "select",
          "span",
          "style",
          "summary",
          "svg",
          "table",
          "tbody",
          "td",
          "th",
          "thead",
          "title",
          "tr",
          "ul");

  private static final Set<String> ATTRIBUTES =
      Set.of(
          "action",
          "aria-hidden",
          "aria-label",
          "class",
          "data-is",
          "display",
          "endpoint",
          "height",
          "href",
          "name",
          "preserveAspectRatio",
          "rel",
          "role",
          "scope",
          "selected",
          "style",
          "tabindex",
          "target",
          "title",
          "type",
          "value",
          "viewBox",
          "width",
          "x",
          "y");

  private final World world = new World();
  private final Pages pages =
      DrawnPage.of(world, new Links("https://api.example", "", ""), new HealPolicy(true, false));

  @Provide
  Arbitrary<String> hostile() {
    Arbitrary<String> part =
        Arbitraries.of(
            "<script>alert(1)</script>",
            "\"><img src=x onerror=alert(1)>",
            "' onmouseover='alert(1)",
            "</cwdb-action><cwdb-action action=\"call\" endpoint=\"evil\">{}",
            "javascript:alert(1)",
            "</style><style>*{display:none}",
            "&lt;b&gt;",
            "\u202Egro.elpmaxe",
            "\u0000\u001b[31m",
            "]]>",
            "<!--",
            "${7*7}",
            "\\\" } { \\u003c",
            "\u2028",
            "\ud800",
            "a@example.com",
            "example.com");
    return Combinators.combine(part, Arbitraries.strings().ofMaxLength(20), part)
        .as((one, between, other) -> one + between + other);
  }

  @Property(tries = 40)
  void whatIsTypedIsText(@ForAll("hostile") String text, @ForAll("hostile") String other) {
    for (View view : View.values()) {
      String html =
          pages.draw(
              new WidgetCall(
                  false,
                  Map.of(
                      "view", view.word(),
                      "form", "1",
                      "name", text,
                      "identity", text,
                      "address", text,
                      "id", text,
                      "label", other,
                      "cursor", other),
                  Map.of("mf-name", text, "mf-address", other, "mf-label", text),
                  text.length() % 2 == 0,
                  null,
                  null),
              "arn:aws:lambda:us-east-1:123456789012:function:page");
      holds(html);
    }
    holds(pages.draw(DrawnPage.call(Map.of("view", text)), "arn"));
    holds(
        pages.draw(
            DrawnPage.call(Map.of("view", "fleet", "effect", text, "region", other)), "arn"));
  }

  /** Labels, what SES says, and who asked: written by others, and stored. */
  @Property(tries = 20)
  void whatIsStoredIsText(@ForAll("hostile") String text, @ForAll("hostile") String other) {
    world.ses.addDomain(World.REGION, "shop.example", true);
    IdentityKey key = World.key("shop.example");
    world.time.advance(Duration.ofMinutes(15));
    Instant now = world.time.instant();
    var asked =
        world
            .process()
            .settings()
            .put(
                key,
                new Desired(
                    new Settings(
                        DomainName.of("bounce.shop.example"), BehaviorOnMxFailure.REJECT_MESSAGE),
                    Activation.IMMEDIATE,
                    Set.of(),
                    Map.of("customer", other)),
                null,
                false,
                new Caller(text, now));
    assertTrue(asked instanceof SettingsApi.Outcome.Shown, asked::toString);
    var _ = world.process().read().run(now, now.plus(Duration.ofMinutes(14)));
    String fleet = pages.draw(DrawnPage.call(Map.of("view", "fleet")), "arn");
    holds(fleet);
    String identity =
        pages.draw(DrawnPage.call(Map.of("view", "identity", "identity", "shop.example")), "arn");
    assertTrue(identity.contains("What changed"), identity);
    assertTrue(identity.contains("customer="), identity);
    holds(identity);
  }

  /** What the DNS answered, what SES says, who asked and changed, labels and names: of others. */
  @Property(tries = 60)
  void whatAStateHoldsIsText(@ForAll("hostile") String text, @ForAll("hostile") String other) {
    IdentityState shop =
        stored(hostileName(text), "RejectMessage", "TemporaryFailure", text, other);
    store(shop, text, other);
    store(stored("news.example", "UseDefaultValue", "Failed", other, text), other, text);
    String fleet = pages.draw(DrawnPage.call(Map.of("view", "fleet")), "arn");
    assertTrue(fleet.contains("news.example"), fleet);
    assertTrue(fleet.contains("customer="), fleet);
    holds(fleet);
    for (String name : List.of(shop.key().name().value(), "news.example")) {
      String html =
          pages.draw(
              DrawnPage.call(Map.of("view", "identity", "identity", name, "region", World.REGION)),
              "arn");
      assertTrue(html.contains("What changed") && html.contains("Findings"), html);
      holds(html);
      holds(pages.draw(DrawnPage.call(Map.of("view", "sender", "address", name)), "arn"));
    }
    // A page of the fleet has room for fifty.
    var forgotten = world.identities.forget(world.identities.find(shop.key()).orElseThrow());
    assertTrue(forgotten instanceof IdentityStore.Saved.Stored, forgotten::toString);
  }

  /** An address whose local part is as hostile as SES takes it. */
  private static String hostileName(String text) {
    String local = text.replaceAll("[^!-~]", "").replaceAll("[@.]", "");
    String name = (local.length() > 60 ? local.substring(0, 60) : local) + "@shop.example";
    return IdentityName.parse(name).toOptional().isPresent() ? name : "<b>&'`@shop.example";
  }

  private static IdentityState stored(
      String name, String behavior, String status, String text, String other) {
    DomainName bounce = DomainName.of("bounce.shop.example");
    Effect effect = behavior.equals("RejectMessage") ? Effect.REJECTED : Effect.FALLBACK;
    IdentityState state =
        TestingIdentity.named(name)
            .sight(true, TestingIdentity.live(bounce.value(), behavior, status), false)
            .standing(
                effect,
                status.equals("Failed") ? Cause.FAILED : Cause.TEMPORARY_FAILURE,
                Phase.LIVE)
            .wanted(
                TestingIdentity.settings(bounce.value(), behavior),
                Activation.STAGED,
                Map.of("customer", other, "team", text))
            .dns(
                bounce.value(),
                List.of(
                    new Finding(
                        FindingCode.MX_MISSING,
                        FindingSeverity.ERROR,
                        text,
                        other,
                        text,
                        other,
                        "dig " + text)),
                List.of(
                    new RecordToDo(
                        bounce, RecordType.MX, null, 10, text, 300, RecordToDo.State.REPLACE),
                    new RecordToDo(
                        bounce, RecordType.TXT, null, null, other, 300, RecordToDo.State.REMOVE)))
            .build();
    return text.length() % 2 == 0
        ? state
        : state.ifAsked(
            asked ->
                asked.drifted(
                    new Drift(
                        TestingIdentity.settings(null, "UseDefaultValue"),
                        TestingIdentity.T0,
                        other,
                        null)));
  }

  private void store(IdentityState state, String text, String other) {
    Instant now = world.time.instant();
    var saved =
        world.identities.save(
            state.withRowVersion(
                world.identities.find(state.key()).map(IdentityState::rowVersion).orElse(0L)),
            List.of(
                new HistoryEntry(now, text, HistoryEntry.What.SETTINGS, null, other, text),
                new HistoryEntry(now, other, HistoryEntry.What.REFUSED, null, null, other)),
            null);
    assertTrue(saved instanceof IdentityStore.Saved.Stored, saved::toString);
  }

  @Property
  @Tag("slow")
  void soItIsOfThousands(@ForAll("hostile") String text, @ForAll("hostile") String other) {
    whatIsTypedIsText(text, other);
    whatIsStoredIsText(text, other);
    whatAStateHoldsIsText(text, other);
  }

  /** The console takes no more than 200 KB. */
  @Example
  void aLargeFleetStaysBelowTheLimitOfTheConsole() {
    String long63 = "l".repeat(60);
    for (int i = 0; i < 10_000; i++) {
      String name = "team-%05d.%s.%s.example".formatted(i, long63, long63);
      boolean rejects = i % 2 == 0;
      store(
          stored(
              name,
              rejects ? "RejectMessage" : "UseDefaultValue",
              "Failed",
              "<&\"'>".repeat(40),
              "<&\"'>".repeat(9)),
          "arn:aws:iam::123456789012:user/<&>",
          "x");
    }
    List<Integer> sizes = new ArrayList<>();
    for (Map<String, String> asked :
        List.of(
            Map.of("view", "fleet"),
            Map.of("view", "fleet", "name", "team-0"),
            Map.of("view", "fleet", "effect", "FALLBACK"),
            Map.of(
                "view",
                "identity",
                "region",
                World.REGION,
                "identity",
                "team-00001.%s.%s.example".formatted(long63, long63)),
            Map.of("view", "runs"),
            Map.of("view", "batches"),
            Map.of("view", "silences"))) {
      String html =
          pages.draw(DrawnPage.call(asked), "arn:aws:lambda:us-east-1:123456789012:function:page");
      holds(html);
      sizes.add(html.getBytes(StandardCharsets.UTF_8).length);
    }
    assertTrue(sizes.stream().allMatch(size -> size < 200_000), sizes::toString);
  }

  /** What the console strips is not there, and nothing that nobody of us wrote. */
  private static void holds(String html) {
    Set<String> foreign = new TreeSet<>();
    Matcher tags = TAG.matcher(html);
    while (tags.find()) {
      String element = tags.group(1).replaceFirst("^/", "");
      if (!ELEMENTS.contains(element)) {
        foreign.add(tags.group());
      }
      Matcher attributes = ATTRIBUTE.matcher(tags.group(2));
      while (attributes.find()) {
        if (!ATTRIBUTES.contains(attributes.group(1))) {
          foreign.add(tags.group());
        }
      }
    }
    assertEquals(Set.of(), foreign);
    assertFalse(TAG.matcher(html).replaceAll("").contains("<"), html);
    assertFalse(OTHER_LINK.matcher(html).find(), html);
    assertTrue(
        html.codePoints()
            .noneMatch(c -> c != '\n' && (Character.isISOControl(c) || c == 0x202E || c == 0x2028)),
        html);
    Matcher actions = ACTION.matcher(html);
    Set<String> views = new LinkedHashSet<>();
    while (actions.find()) {
      views.add(json(actions.group(1)).path("view").asText());
    }
    assertTrue(views.contains("fleet"), html);
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new AssertionError(text, e);
    }
  }

  @Example
  void aPlantedScriptIsFound() {
    boolean found = false;
    try {
      holds("<div><script>alert(1)</script></div>");
    } catch (AssertionError e) {
      found = true;
    }
    assertTrue(found);
  }
}
