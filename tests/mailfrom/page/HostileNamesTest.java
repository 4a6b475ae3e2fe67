package mailfrom.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import mailfrom.app.run.World;
import mailfrom.app.settings.Fleet;
import mailfrom.app.settings.SettingsApi;
import mailfrom.domain.desired.Activation;
import mailfrom.domain.desired.Desired;
import mailfrom.domain.desired.HealPolicy;
import mailfrom.domain.identity.Caller;
import mailfrom.domain.name.DomainName;
import mailfrom.domain.name.IdentityKey;
import mailfrom.domain.ses.BehaviorOnMxFailure;
import mailfrom.domain.ses.Settings;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever somebody writes into a widget's parameters or forms comes out as text. */
class HostileNamesTest {
  private static final ObjectMapper JSON = new ObjectMapper();
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
      new Pages(
          new Sources(
              World.ACCOUNT,
              List.of(World.REGION),
              "https://api.example",
              new Fleet(
                  world.identities,
                  world.regions,
                  List.of(World.REGION),
                  new HealPolicy(true, false),
                  false),
              world.identities,
              world.regions,
              world.batches),
          InstantSource.fixed(world.time.instant()));

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

  @Property(tries = 1500)
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
    holds(pages.draw(call(Map.of("view", text)), "arn"));
    holds(pages.draw(call(Map.of("view", "fleet", "effect", text, "region", other)), "arn"));
  }

  /** Labels, what SES says, and who asked: written by others, and stored. */
  @Property(tries = 150)
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
    String fleet = pages.draw(call(Map.of("view", "fleet")), "arn");
    holds(fleet);
    String identity =
        pages.draw(call(Map.of("view", "identity", "identity", "shop.example")), "arn");
    assertTrue(identity.contains("What changed"), identity);
    assertTrue(identity.contains("customer="), identity);
    holds(identity);
  }

  private static WidgetCall call(Map<String, String> parameters) {
    return new WidgetCall(false, parameters, Map.of(), false, null, null);
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
    assertFalse(html.matches("(?s).*href=\"(?!https://).*"), html);
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
