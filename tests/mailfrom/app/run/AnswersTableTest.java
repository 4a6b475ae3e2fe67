package mailfrom.app.run;

import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import mailfrom.app.pace.CallResult;
import mailfrom.app.pace.Slot;
import mailfrom.app.read.AnswersByName;
import mailfrom.app.read.ForwardingSes;
import mailfrom.app.read.InProcessSes;
import mailfrom.app.read.Ses;
import mailfrom.app.settings.SettingsApi.Outcome;
import mailfrom.app.text.RecordsByHand.Mx;
import mailfrom.domain.effect.EffectState;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.name.IdentityName;
import mailfrom.domain.ses.Live;
import mailfrom.local.FaultPlan;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The README's table of what an answer of SES means. Each row is a case here, by its first cell;
 * and what the second one has in code letters is just what is told.
 */
class AnswersTableTest {
  private static final String HEADING = "What an answer of SES means, whoever asked:";
  private static final Pattern REASON = Pattern.compile("`([A-Z_]+)`");
  private static final String LIST = "ListIdentities";
  private static final String MAIL_FROM = "GetIdentityMailFromDomainAttributes";
  private static final String VERIFICATION = "GetIdentityVerificationAttributes";
  private static final String DKIM = "GetIdentityDkimAttributes";

  private static final List<String> OPERATIONS = List.of(LIST, MAIL_FROM, VERIFICATION, DKIM);

  /** Of 30: in trouble, so all is asked for it. */
  private static final String ILL = name(3);

  private static final String WELL = name(4);

  /** What happens; gives what was told. */
  private static final Map<String, Supplier<Set<String>>> CASES =
      Map.ofEntries(
          entry(
              "refused, throttled, late, without its envelope or of another type",
              AnswersTableTest::aCallThatFails),
          entry(
              "empty where something was asked for, or more than 5 % missing",
              AnswersTableTest::anAnswerAboutNobody),
          entry("lacks an identity that was asked for", AnswersTableTest::anAnswerWithoutOne),
          entry(
              "lacks it in two listings in a row, and in a read by name beside one that is known;"
                  + " where nobody is left, in a day of lists with nobody, and two reads by name"
                  + " that answer for nobody",
              AnswersTableTest::aDeletion),
          entry(
              "lacks it, and CloudTrail says that it was deleted",
              AnswersTableTest::aDeletionThatAnEventTells),
          entry("lacks it, and a request is about it", AnswersTableTest::aRequestAboutNobody),
          entry(
              "a list that ends early, repeats without an end, or whose token expired",
              AnswersTableTest::aListThatIsNotWhole),
          entry("names it in another case", AnswersTableTest::anotherCase),
          entry("has a word that nobody knows", AnswersTableTest::aWordThatNobodyKnows));

  static List<Arguments> rows() throws IOException {
    return Files.readAllLines(Path.of("README.md")).stream()
        .dropWhile(line -> !line.equals(HEADING))
        .dropWhile(line -> !line.startsWith("|---"))
        .skip(1)
        .takeWhile(line -> line.startsWith("|"))
        .map(line -> line.split("\\|", -1))
        .map(cells -> Arguments.of(cells[1].strip(), cells[2].strip()))
        .toList();
  }

  @Test
  void eachCaseHasARow() throws IOException {
    assertEquals(
        new TreeSet<>(CASES.keySet()),
        rows().stream()
            .map(row -> String.valueOf(row.get()[0]))
            .collect(Collectors.toCollection(TreeSet::new)));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void whatARowSaysHappens(String answer, String meaning) {
    Supplier<Set<String>> one = CASES.get(answer);
    assertNotNull(one, "no case for this row");
    assertEquals(
        REASON.matcher(meaning).results().map(MatchResult::group).collect(Collectors.toSet()),
        one.get().stream().map("`%s`"::formatted).collect(Collectors.toSet()));
  }

  // --- the cases

  private static Set<String> aCallThatFails() {
    Set<String> told = new TreeSet<>();
    for (String operation : OPERATIONS) {
      told.addAll(nothingChanges(world -> world.ses.deny(World.REGION, operation)));
    }
    for (FaultPlan.Kind kind :
        List.of(
            FaultPlan.Kind.FAIL_BEFORE,
            FaultPlan.Kind.THROTTLING,
            FaultPlan.Kind.TIMEOUT,
            FaultPlan.Kind.EMPTY_BODY,
            FaultPlan.Kind.PROXY_PAGE)) {
      for (String operation : OPERATIONS) {
        told.addAll(nothingChanges(world -> fault(world, operation, kind)));
      }
    }
    return told;
  }

  private static Set<String> anAnswerAboutNobody() {
    Set<String> told = new TreeSet<>();
    for (String operation : List.of(MAIL_FROM, VERIFICATION, DKIM)) {
      told.addAll(nothingChanges(world -> fault(world, operation, FaultPlan.Kind.EMPTY_ANSWER)));
    }
    told.addAll(
        nothingChanges(
            world ->
                List.of(ILL, WELL)
                    .forEach(name -> world.ses.leaveOut(World.REGION, MAIL_FROM, name))));
    return told;
  }

  private static Set<String> anAnswerWithoutOne() {
    Set<String> told = new TreeSet<>();
    for (String operation : List.of(MAIL_FROM, VERIFICATION, DKIM)) {
      for (String name : List.of(ILL, WELL)) {
        told.addAll(nothingChanges(world -> world.ses.leaveOut(World.REGION, operation, name)));
      }
    }
    return told;
  }

  private static Set<String> aDeletion() {
    World world = fleet(30);
    world.ses.delete(World.REGION, WELL);
    world.read();
    assertFalse(world.row(WELL).isGone());
    world.read();
    assertTrue(world.row(WELL).isGone());
    Set<String> told = new TreeSet<>(world.taken.reasons(WELL));

    World last = fleet(1);
    last.ses.delete(World.REGION, name(0));
    IntStream.range(0, 97).forEach(_ -> last.read());
    assertFalse(last.row(name(0)).isGone());
    last.read();
    assertTrue(last.row(name(0)).isGone());
    told.addAll(last.taken.reasons(name(0)));
    return told;
  }

  private static Set<String> aDeletionThatAnEventTells() {
    Set<String> told = new TreeSet<>();
    for (int size : List.of(30, 1)) {
      World world = fleet(size);
      String name = name(size - 1);
      world.time.advance(Duration.ofMinutes(1));
      Instant now = world.time.instant();
      SesEvent event =
          new SesEvent(
              "m", World.REGION, List.of(IdentityName.of(name)), List.of(), now, now, null, true);
      world.ses.delete(World.REGION, name);
      if (size > 1) {
        // A list with nobody, an answer with nobody: that is no deletion.
        fault(world, LIST, FaultPlan.Kind.EMPTY_ANSWER);
        fault(world, MAIL_FROM, FaultPlan.Kind.EMPTY_ANSWER);
        assertEquals(Set.of("m"), world.events(event).failed());
        assertFalse(world.row(name).isGone());
        world.faults.clear(FaultPlan.Service.SES);
      }
      assertEquals(Set.of(), world.events(event).failed());
      assertTrue(world.row(name).isGone());
      told.addAll(world.taken.reasons(name));
      assertEquals(List.of("BASELINE"), world.taken.reasons(""));
    }
    return told;
  }

  private static Set<String> aRequestAboutNobody() {
    World one = fleet(1);
    one.ses.delete(World.REGION, name(0));
    assertEquals("UnknownIdentity", check(one, name(0)));
    World many = fleet(30);
    assertEquals("UnknownIdentity", check(many, "nobody.example"));
    // Whom the last run found first, and who is asked for beside others.
    many.ses.delete(World.REGION, name(0));
    assertEquals("UnknownIdentity", check(many, name(0)));
    fault(many, LIST, FaultPlan.Kind.EMPTY_ANSWER);
    assertEquals("CouldNotAskSes", check(many, name(0)));
    assertFalse(many.row(name(0)).isGone());
    return Set.of();
  }

  private static String check(World world, String name) {
    world.time.advance(Duration.ofSeconds(5));
    Outcome outcome = world.settings().check(World.key(name), world.mia());
    return outcome.getClass().getSimpleName();
  }

  private static Set<String> aListThatIsNotWhole() {
    Set<String> told = new TreeSet<>();
    List<Pages> pages =
        List.of(
            (token, page) -> new Ses.Page(page.names(), List.of(), null),
            (token, page) -> token == null ? page : new Ses.Page(List.of(), List.of(), token),
            (token, page) -> token == null ? page : null);
    for (Pages one : pages) {
      World world = new World();
      world.manner = new InProcessSes.Manner(10, UnaryOperator.identity(), AnswersByName::of);
      heal(world, 30);
      world.ports = around(ses -> new Paged(ses, one));
      IntStream.range(0, 5).forEach(_ -> world.read());
      assertTrue(rows(world).values().stream().noneMatch(IdentityState::isGone));
      List<String> reasons = news(world, List.of());
      assertEquals(1, reasons.size(), reasons::toString);
      told.addAll(reasons);
    }
    return told;
  }

  private static Set<String> anotherCase() {
    World world = new World();
    world.manner =
        new InProcessSes.Manner(1000, text -> text.toUpperCase(Locale.ROOT), AnswersByName::of);
    heal(world, 30);
    world.mx(WELL, Mx.NONE);
    RunReport.RegionReadReport run = world.read();
    assertTrue(run.complete());
    assertEquals(run.listed(), run.read());
    assertEquals(List.of("STARTED"), world.taken.reasons(WELL));

    World two = fleet(30);
    two.ses.addAddress(World.REGION, "News@there.example", true);
    two.ses.addAddress(World.REGION, "news@there.example", true);
    two.ses.leaveOut(World.REGION, MAIL_FROM, "News@there.example");
    two.manner =
        new InProcessSes.Manner(1000, text -> text.toLowerCase(Locale.ROOT), AnswersByName::of);
    assertEquals(1, two.read().couldNotAsk());
    assertTrue(two.row("news@there.example").wasSeen());
    assertTrue(two.identities.find(World.key("News@there.example")).isEmpty());
    return Set.of();
  }

  private static Set<String> aWordThatNobodyKnows() {
    return nothingChanges(world -> world.ports = around(OddlyWorded::new));
  }

  // --- what they have in common

  private static String name(int i) {
    return "x%02d.example".formatted(i);
  }

  private static World fleet(int size) {
    World world = new World();
    heal(world, size);
    if (size > 1) {
      world.mx(ILL, Mx.NONE);
      world.read();
    }
    return world;
  }

  private static void heal(World world, int size) {
    IntStream.range(0, size).forEach(i -> world.healthy(name(i)));
    assertTrue(world.read().complete());
  }

  private static void fault(World world, String operation, FaultPlan.Kind kind) {
    world.faults.add(FaultPlan.Service.SES, operation, kind, 10_000);
  }

  private static Map<String, IdentityState> rows(World world) {
    try (Stream<IdentityState> rows = world.identities.ofRegion(World.REGION)) {
      return rows.collect(Collectors.toMap(row -> row.key().name().value(), row -> row));
    }
  }

  private static Map<String, EffectState> effects(World world) {
    return new HashMap<>(
        rows(world).entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, row -> row.getValue().effectState())));
  }

  private static List<String> reasons(World world) {
    List<String> all = new ArrayList<>(world.taken.reasons(""));
    IntStream.range(0, 30).forEach(i -> all.addAll(world.taken.reasons(name(i))));
    return all;
  }

  private static List<String> news(World world, List<String> before) {
    List<String> news = reasons(world);
    before.forEach(news::remove);
    news.remove("BASELINE");
    return news;
  }

  /** Of what SES answers so in two runs nothing is concluded, and the next run reads all. */
  private static Set<String> nothingChanges(Consumer<World> answers) {
    World world = fleet(30);
    Map<String, EffectState> effects = effects(world);
    List<String> reasons = reasons(world);
    answers.accept(world);
    for (int i = 0; i < 2; i++) {
      RunReport.RegionReadReport run = world.read(Duration.ofMinutes(2));
      assertEquals(run.listed(), run.read() + run.couldNotAsk() + run.cannotWatch());
      assertEquals(effects, effects(world));
      assertTrue(rows(world).values().stream().noneMatch(IdentityState::isGone));
    }
    Set<String> told = new TreeSet<>(news(world, reasons));
    world.faults.clear(FaultPlan.Service.SES);
    world.ses.leaveOutNothing(World.REGION);
    OPERATIONS.forEach(operation -> world.ses.allow(World.REGION, operation));
    world.ports = Ports.PLAIN;
    world.mx(ILL, Mx.RIGHT);
    RunReport.RegionReadReport run = world.read();
    assertTrue(run.complete());
    assertEquals(30, run.read());
    assertNotEquals(effects.get(ILL), world.row(ILL).effectState(), "it is read again");
    return told;
  }

  private static Ports around(UnaryOperator<Ses> changed) {
    return new Ports() {
      @Override
      public <T> T around(Class<T> port, T real) {
        return real instanceof Ses ses ? port.cast(changed.apply(ses)) : real;
      }
    };
  }

  /** How the list is paged; null: its token holds no longer. */
  private interface Pages {
    Ses.@Nullable Page page(@Nullable String token, Ses.Page right);
  }

  private static final class Paged extends ForwardingSes {
    private final Pages pages;

    Paged(Ses to, Pages pages) {
      super(to);
      this.pages = pages;
    }

    @Override
    public CallResult<Page> list(Slot slot, String region, @Nullable String token) {
      CallResult<Page> right = super.list(slot, region, token);
      if (!(right instanceof CallResult.Answered<Page>(Page page))) {
        return right;
      }
      Page changed = pages.page(token, page);
      return changed == null
          ? new CallResult.NotAnswered<>(CallResult.Kind.FAILED, "Invalid NextToken.")
          : new CallResult.Answered<>(changed);
    }
  }

  /** An SES that has a new status word for each identity. */
  private static final class OddlyWorded extends ForwardingSes {
    OddlyWorded(Ses to) {
      super(to);
    }

    @Override
    public CallResult<MailFrom> mailFrom(Slot slot, String region, List<IdentityName> names) {
      return switch (super.mailFrom(slot, region, names)) {
        case CallResult.Answered<MailFrom>(MailFrom answer) -> {
          Map<IdentityName, Live> live = new HashMap<>(answer.live());
          IdentityName odd = IdentityName.of(WELL);
          yield live.remove(odd) == null
              ? new CallResult.Answered<>(answer)
              : new CallResult.Answered<>(new MailFrom(live, Map.of(odd, "Paused")));
        }
        case CallResult.NotAnswered<MailFrom> none -> none;
      };
    }
  }
}
