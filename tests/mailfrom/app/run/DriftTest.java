package mailfrom.app.run;

import static mailfrom.app.run.World.key;
import static mailfrom.app.run.World.wants;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import mailfrom.api.OpenDoor;
import mailfrom.app.advice.Links;
import mailfrom.app.settings.SettingsApi;
import mailfrom.app.text.RecordsByHand.Mx;
import mailfrom.domain.desired.Activation;
import mailfrom.domain.desired.Desired;
import mailfrom.domain.desired.Plan;
import mailfrom.domain.desired.ViolationCode;
import mailfrom.domain.effect.Effect;
import mailfrom.domain.findings.FindingCode;
import mailfrom.local.LocalSes;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What becomes of settings that somebody else put in the place of what was asked for: the plan, the
 * filters, what is told and told again, and that the command of the message puts it back.
 */
class DriftTest {
  private static final String NAME = "x.example";
  private static final Pattern PUT_BACK =
      Pattern.compile(
          "(?:Put back what was asked for|Set it again):.*?-d \\\\?\\s*'([^']*)'", Pattern.DOTALL);

  /** What only a whole command keeps: accepted codes, a label, another activation. */
  private static final Desired ASKED =
      new Desired(
          wants("bounce." + NAME, "UseDefaultValue", Activation.IMMEDIATE).settings(),
          Activation.IMMEDIATE,
          new TreeSet<>(List.of(ViolationCode.RECEIVES_MAIL)),
          Map.of("customer", "4711"));

  private final World world = new World();

  @BeforeEach
  void isManagedAndWell() {
    // Beside others: the only one of a Region is not believed to be deleted at once.
    List.of("a.example", "b.example").forEach(world::healthy);
    world.links = new Links("https://api.example", "", "");
    world.mx(NAME, Mx.RIGHT);
    world.ses.addDomain(World.REGION, NAME, true);
    world.read();
    world.put(NAME, ASKED);
    var _ = world.apply();
    world.read();
    assertEquals("bounce.x.example Success UseDefaultValue", world.live(NAME));
  }

  private void drift(@Nullable String domain, LocalSes.OnMxFailure behavior, boolean isRight) {
    if (domain == null) {
      world.ses.clearMailFrom(World.REGION, NAME);
    } else {
      world.dns.put(domain + "." + NAME, isRight ? Mx.RIGHT : Mx.NONE);
      world.ses.put(
          World.REGION,
          NAME,
          domain + "." + NAME,
          behavior,
          isRight ? LocalSes.Status.SUCCESS : LocalSes.Status.TEMPORARY_FAILURE,
          world.time.instant());
    }
  }

  private List<String> list(String query) {
    return OpenDoor.pages(
            world.settings(),
            World.ACCOUNT,
            World.REGION,
            "/v1/identities?" + query,
            1000,
            world.time.instant())
        .stream()
        .map(item -> item.get("identity").textValue())
        .toList();
  }

  private String findings() {
    return Arrays.stream(FindingCode.values())
        .filter(code -> list("drift=true&finding=" + code).equals(List.of(NAME)))
        .map(Enum::name)
        .collect(Collectors.joining(" "));
  }

  /** Machines are told of a set-up that is done, too. */
  private String told() {
    return world.taken.reasons(NAME).stream()
        .filter(reason -> !reason.equals("READY"))
        .collect(Collectors.joining(" "));
  }

  private SettingsApi.IdentityView view() {
    return assertInstanceOf(
            SettingsApi.Outcome.Shown.class, world.settings().get(key(NAME), world.mia()))
        .view();
  }

  /** What the command of a message asks for. */
  private static Desired ofCommand(String text) throws IOException {
    Matcher command = PUT_BACK.matcher(text);
    assertTrue(command.find(), text);
    JsonNode body = new ObjectMapper().readTree(command.group(1).replaceAll("\\s*\\\\\\n\\s*", ""));
    Map<String, String> labels = new TreeMap<>();
    body.path("labels")
        .properties()
        .forEach(label -> labels.put(label.getKey(), label.getValue().textValue()));
    return new Desired(
        wants(
                body.get("mailFromDomain").textValue(),
                body.path("behaviorOnMxFailure").asText("UseDefaultValue"),
                Activation.IMMEDIATE)
            .settings(),
        Arrays.stream(Activation.values())
            .filter(one -> one.word().equals(body.path("activation").asText("staged")))
            .findFirst()
            .orElseThrow(),
        StreamSupport.stream(body.path("accept").spliterator(), false)
            .map(code -> ViolationCode.valueOf(code.textValue()))
            .collect(Collectors.toCollection(TreeSet::new)),
        labels);
  }

  private void read(Duration later) {
    world.time.advance(later);
    world.read();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "none",
      textBlock =
          """
          # somebody set             | MX    | effect   | finding=   | told, and told again a week after it
          theirs | USE_DEFAULT_VALUE | right | CUSTOM   |            | DRIFT         | DRIFT
          theirs | REJECT_MESSAGE    | right | CUSTOM   |            | DRIFT         | DRIFT
          theirs | USE_DEFAULT_VALUE | lost  | FALLBACK |            | STARTED DRIFT | WORSE REMINDER DRIFT
          theirs | REJECT_MESSAGE    | lost  | REJECTED |            | STARTED DRIFT | WORSE REMINDER DRIFT
          bounce | REJECT_MESSAGE    | right | CUSTOM   |            | DRIFT         | DRIFT
          bounce | REJECT_MESSAGE    | lost  | REJECTED | MX_MISSING | STARTED DRIFT | WORSE REMINDER DRIFT
          none   | USE_DEFAULT_VALUE | right | FALLBACK |            | STARTED       | REMINDER
          """)
  void driftIsInThePlanAndTheFiltersToldAgainWeeklyAndPutBackByTheCommandOfItsMessage(
      @Nullable String domain,
      LocalSes.OnMxFailure behavior,
      String mx,
      Effect effect,
      @Nullable String findings,
      String atOnce,
      String inAWeek)
      throws IOException {
    drift(domain, behavior, mx.equals("right"));
    world.read();
    assertEquals(effect, world.row(NAME).effectState().effect());
    assertEquals(List.of(NAME), list("drift=true"));
    assertEquals(List.of("a.example", "b.example"), list("drift=false"));
    assertEquals(findings == null ? "" : findings, findings());
    Plan.Wait plan = assertInstanceOf(Plan.Wait.class, view().plan());
    assertEquals(Plan.Why.DRIFT_LEFT_ALONE, plan.why());
    assertEquals(ASKED.settings(), plan.settings());
    assertEquals(atOnce, told());
    Desired putBack = ofCommand(world.taken.alerts().getLast().text());
    assertEquals(ASKED, putBack);

    read(Duration.ofDays(6));
    read(Duration.ofDays(1));
    assertEquals(atOnce + " " + inAWeek, told());

    world.mx(NAME, Mx.RIGHT);
    world.put(NAME, putBack);
    read(Duration.ZERO);
    assertEquals("bounce.x.example Success UseDefaultValue", world.live(NAME));
    assertEquals(List.of(), list("drift=true"));
    read(Duration.ofDays(8));
    String over =
        (effect == Effect.CUSTOM ? "" : " RECOVERED")
            + (atOnce.contains("DRIFT") ? " DRIFT_OVER" : "");
    assertEquals(atOnce + " " + inAWeek + over, told());
  }
}
