package mailfrom.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import mailfrom.app.advice.Step;
import mailfrom.app.advice.Steps;
import mailfrom.app.run.World;
import mailfrom.app.store.IdentityStore;
import mailfrom.app.text.IdentityNotice;
import mailfrom.app.text.Situations;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.incident.Reason;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The same word for the same thing: mail, chat and page tell the same steps for one identity. */
class SameStepsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern WHAT_TO_DO = Pattern.compile("(?s)What to do</h2>(.*?)</ol>");

  /** Each situation in which one identity needs somebody. */
  static Stream<String> situations() {
    return Situations.all().entrySet().stream()
        .filter(
            one -> {
              List<IdentityNotice> told = one.getValue().get().told();
              Reason.Kind kind =
                  told.size() == 1 ? told.getFirst().notice().reason().kind() : Reason.Kind.RUN;
              return kind == Reason.Kind.TROUBLE
                  || kind == Reason.Kind.WARNING
                  || (kind == Reason.Kind.SETTINGS && !one.getKey().equals("drift-is-over"));
            })
        .map(Map.Entry::getKey);
  }

  @ParameterizedTest
  @MethodSource("situations")
  void mailChatAndPageSayTheSameSteps(String name) throws JsonProcessingException {
    Situations.Situation situation = Objects.requireNonNull(Situations.all().get(name), name).get();
    IdentityNotice told = situation.told().getFirst();
    List<String> steps =
        Steps.of(told.state(), told.above(), Situations.POLICY).stream()
            .map(step -> step.kind().words())
            .toList();
    assertFalse(steps.isEmpty(), name);
    var message = situation.message(Situations.LINKS);
    assertEquals(steps, said(message.text()), "mail");
    String chat = message.chat();
    assertNotNull(chat);
    List<String> next = new ArrayList<>();
    JSON.readTree(chat)
        .at("/content/nextSteps")
        .valueStream()
        .map(JsonNode::textValue)
        .forEach(next::add);
    assertEquals(
        steps.subList(0, Math.min(steps.size(), 5)), said(String.join("\n", next)), "chat");
    assertEquals(steps, said(onThePage(told.state())), "page");
  }

  /** The words of steps in a text, in their order. */
  private static List<String> said(String text) {
    String line = " " + text.replaceAll("\\s+", " ");
    record At(int index, String words) {}
    List<At> found = new ArrayList<>();
    for (Step.Kind kind : Step.Kind.values()) {
      Matcher words = Pattern.compile("(?<=[ `]|^)" + Pattern.quote(kind.words())).matcher(line);
      while (words.find()) {
        found.add(new At(words.start(), kind.words()));
      }
    }
    return found.stream().sorted(Comparator.comparingInt(At::index)).map(At::words).toList();
  }

  private static String onThePage(IdentityState state) {
    World world = new World();
    var saved = world.identities.save(state.withRowVersion(0), List.of(), null);
    assertTrue(saved instanceof IdentityStore.Saved.Stored, saved::toString);
    String html =
        DrawnPage.of(world, Situations.LINKS, Situations.POLICY)
            .draw(
                DrawnPage.call(
                    Map.of(
                        "view",
                        "identity",
                        "region",
                        World.REGION,
                        "identity",
                        state.key().name().value())),
                "arn");
    Matcher steps = WHAT_TO_DO.matcher(html);
    assertTrue(steps.find(), html);
    return DrawnPage.words(steps.group(1));
  }
}
