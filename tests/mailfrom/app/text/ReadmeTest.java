package mailfrom.app.text;

import static mailfrom.domain.identity.TestingIdentity.T0;
import static mailfrom.domain.identity.TestingIdentity.live;
import static mailfrom.domain.identity.TestingIdentity.named;
import static mailfrom.domain.identity.TestingIdentity.notice;
import static mailfrom.domain.identity.TestingIdentity.settings;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import mailfrom.app.advice.Links;
import mailfrom.app.advice.Runbook;
import mailfrom.app.pace.CallResult;
import mailfrom.app.run.World;
import mailfrom.app.tell.TestAlertService;
import mailfrom.app.tell.Topics;
import mailfrom.domain.desired.Activation;
import mailfrom.domain.desired.HealPolicy;
import mailfrom.domain.effect.Cause;
import mailfrom.domain.effect.Effect;
import mailfrom.domain.effect.Phase;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.incident.Reason;
import mailfrom.domain.incident.Severity;
import org.junit.jupiter.api.Test;

/** What the documents show is what the program sends. */
class ReadmeTest {
  private static final Pattern POLICY = Pattern.compile("```json\\n(\\{[^`]*})\\n```");
  private static final Pattern MAIL = Pattern.compile("(?s)```\\n(Subject: .*?)\\n```");
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final AlertTexts TEXTS =
      new AlertTexts(World.ACCOUNT, Links.NONE, HealPolicy.NOTHING);

  private final String readme = read("README.md");
  private final String operations = read("OPERATIONS.md");

  private static String read(String name) {
    try {
      return Files.readString(Path.of(name));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void eachMailThatIsShownIsAGoldenFileButForLinesThatAreLeftOut() throws IOException {
    List<List<String>> golden = new ArrayList<>();
    try (Stream<Path> files = Files.list(Path.of("tests/mailfrom/app/text/golden"))) {
      for (Path file : files.filter(path -> path.toString().endsWith(".txt")).toList()) {
        golden.add(Files.readString(file).strip().lines().toList());
      }
    }
    Matcher mail = MAIL.matcher(readme + operations);
    Set<String> shown = new TreeSet<>();
    while (mail.find()) {
      List<String> lines = mail.group(1).lines().toList();
      assertTrue(golden.stream().anyMatch(file -> isIn(file, lines)), mail.group());
      shown.add(lines.getFirst());
    }
    assertEquals(7, shown.size(), shown::toString);
  }

  /** Whether these are a mail's lines in their order, all but where {@code […]} stands. */
  private static boolean isIn(List<String> mail, List<String> shown) {
    int at = 0;
    boolean leftOut = false;
    for (String line : shown) {
      if (line.equals("[…]")) {
        leftOut = true;
        continue;
      }
      while (leftOut && at < mail.size() && !mail.get(at).equals(line)) {
        at++;
      }
      if (at == mail.size() || !mail.get(at).equals(line)) {
        return false;
      }
      at++;
      leftOut = false;
    }
    return leftOut || at == mail.size();
  }

  @Test
  void itNamesEveryReasonAndEveryRunbookSection() {
    for (Reason reason : Reason.values()) {
      assertTrue(operations.contains("`" + reason + "`"), reason + " is not told of");
    }
    for (Runbook section : Runbook.values()) {
      assertTrue(operations.contains("### " + section.heading() + "\n"), section.heading());
    }
  }

  private static Map<String, String> attributes(Severity severity, Map<String, String> labels) {
    IdentityState state =
        named("example.com")
            .sight(true, live("bounce.example.com", "RejectMessage", "TemporaryFailure"), true)
            .standing(Effect.REJECTED, Cause.TEMPORARY_FAILURE, Phase.LIVE)
            .wanted(settings("bounce.example.com", "RejectMessage"), Activation.STAGED, labels)
            .build();
    return TEXTS.notice(state, notice(state, Reason.STARTED, severity, null, T0)).attributes();
  }

  private static Map<String, String> ofTest() {
    List<Map<String, String>> sent = new ArrayList<>();
    new TestAlertService(
            TEXTS,
            World.REGION,
            new Topics() {
              @Override
              public Published publish(Name topic, Message message) {
                if (topic == Name.NOTICES) {
                  sent.add(message.attributes());
                }
                return new Published.Taken("m");
              }

              @Override
              public CallResult<Integer> listeners(Name topic) {
                return new CallResult.Answered<>(1);
              }
            })
        .send(World.MIA);
    return sent.getFirst();
  }

  private List<JsonNode> policies() throws IOException {
    List<JsonNode> policies = new ArrayList<>();
    Matcher policy =
        POLICY.matcher(operations.substring(operations.indexOf("### Customers and teams"), end()));
    while (policy.find()) {
      policies.add(JSON.readTree(policy.group(1)));
    }
    return policies;
  }

  private int end() {
    return operations.indexOf("\n## ", operations.indexOf("### Customers and teams"));
  }

  @Test
  void itsFilterPoliciesPickTheNoticesThatItSays() throws IOException {
    List<Map<String, String>> notices =
        List.of(
            attributes(Severity.WARNING, Map.of("customer", "4711")),
            attributes(Severity.CRITICAL, Map.of("customer", "4711")),
            attributes(Severity.CRITICAL, Map.of("customer", "4712")),
            attributes(Severity.CRITICAL, Map.of()),
            attributes(Severity.INFO, Map.of()),
            ofTest());
    assertEquals(
        List.of(
            List.of(true, true, false, false, false, false),
            List.of(false, true, true, true, false, true),
            List.of(false, true, true, true, false, false)),
        policies().stream()
            .map(policy -> notices.stream().map(notice -> picks(policy, notice)).toList())
            .toList());
  }

  @Test
  void itsCommandHasThePolicyThatStandsAboveIt() throws IOException {
    Matcher attributes = Pattern.compile("--attributes '(\\{.*})'").matcher(operations);
    assertTrue(attributes.find());
    JsonNode given = JSON.readTree(attributes.group(1));
    assertEquals(policies().getFirst(), JSON.readTree(given.get("FilterPolicy").textValue()));
  }

  /** As SNS filters by attributes: every name has to match by one of its values. */
  private static boolean picks(JsonNode policy, Map<String, String> attributes) {
    return policy.properties().stream()
        .allMatch(
            name -> {
              String value = attributes.get(name.getKey());
              JsonNode[] wanted = JSON.convertValue(name.getValue(), JsonNode[].class);
              return Arrays.stream(wanted)
                  .anyMatch(
                      one ->
                          one.isTextual()
                              ? one.textValue().equals(value)
                              : one.get("exists").booleanValue() == (value != null));
            });
  }
}
