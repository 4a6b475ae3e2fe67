package mailfrom.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import mailfrom.app.Configuration;
import mailfrom.app.pace.SystemMachineClock;
import mailfrom.app.store.IdentityStore;
import mailfrom.aws.Cloud;
import mailfrom.e2e.CallersProcess.Put;
import mailfrom.e2e.CallersProcess.Told;
import mailfrom.local.Functions;
import mailfrom.local.HandlersInProcess;
import mailfrom.local.LocalCloud;
import mailfrom.local.LocalSes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * 200 callers at once, from four processes of settings, at SES's real pace. What was answered 202
 * is applied afterwards, by a watch and an SES that are a hundred times as fast.
 */
@Tag("slow")
class CallersTest {
  private static final String REGION = "us-east-1";
  private static final int CALLERS = 200;
  private static final int KNOWN = 50;

  /** So many of those that no run has read SES does not know. */
  private static final int UNKNOWN = 10;

  private static final int FASTER = 100;
  private static final Duration ANSWERED_WITHIN = Duration.ofSeconds(20);
  private static final String SET = "SetIdentityMailFromDomain";

  private LocalCloud cloud;

  @BeforeEach
  void start() {
    cloud = new LocalCloud(LocalCloud.Options.forTests().pace(1), HandlersInProcess::of);
  }

  @AfterEach
  void stop() {
    cloud.close();
  }

  private static String identity(int i) {
    return "d%03d.example".formatted(i);
  }

  @Test
  void twoHundredCallersOnNewIdentitiesShareAFewReads() {
    List<Told> told = askForNewIdentities();
    answeredInTime(told);

    List<String> reads = reads();
    System.out.println("They made " + reads.size() + " reads");
    assertEquals(List.of(), ForeignClient.throttledOthers(cloud));
    assertTrue(reads.size() <= 20, reads::toString);
    assertFalse(setsAtThePaceOfSes().isEmpty());
    assertEquals(
        IntStream.range(0, UNKNOWN).mapToObj(CallersTest::identity).toList(),
        told.stream().filter(one -> one.status() == 404).map(Told::identity).sorted().toList());
    applyAll();
    List<String> applied =
        IntStream.range(UNKNOWN, CALLERS).mapToObj(CallersTest::identity).toList();
    liveIsWhatIsDesired(applied);
    assertEquals(
        applied.stream().map(identity -> "bounce." + identity).toList(),
        applied.stream().map(identity -> live(identity).mailFromDomain()).toList());
  }

  @Test
  void besideAForeignClientThatTakesHalfThePaceNobodyIsToldOfAnErrorOfOurs() {
    try (ForeignClient _ = ForeignClient.start(cloud, REGION)) {
      List<Told> _ = askForNewIdentities();
      assertFalse(
          ForeignClient.throttledOthers(cloud).isEmpty(),
          "the foreign client was never in the way");
    }
  }

  @Test
  void whoAsksForTheSameKnownIdentitiesNeverTripsOverThePaceOfSes() {
    IntStream.range(0, KNOWN).forEach(i -> cloud.ses().addDomain(REGION, identity(i), true));
    var _ = cloud.watch();
    List<Integer> callers = new ArrayList<>(IntStream.range(0, CALLERS).boxed().toList());
    // Who comes first is open, and the same each time.
    Collections.shuffle(callers, new Random(4711));

    List<Told> told =
        askAtOnce(
            callers.stream().map(caller -> put(identity(caller % KNOWN), caller / KNOWN)).toList());
    answeredInTime(told);
    assertEquals(List.of(), told.stream().filter(one -> one.status() == 404).toList());
    assertEquals(List.of(), ForeignClient.throttledOthers(cloud));
    // Four ask for each identity, and only what was asked last is set: perhaps by watch alone.
    List<LocalSes.Call> _ = setsAtThePaceOfSes();
    applyAll();
    liveIsWhatIsDesired(IntStream.range(0, KNOWN).mapToObj(CallersTest::identity).toList());
  }

  /** Four callers of an identity want four things. Nobody publishes records: all stays Pending. */
  private static Put put(String identity, int variant) {
    return switch (variant) {
      case 0 -> Put.of(identity);
      case 1 ->
          new Put(
              identity,
              "{\"mailFromDomain\":\"two.%s\",\"behaviorOnMxFailure\":\"RejectMessage\",\"activation\":\"immediate\"}"
                  .formatted(identity));
      case 2 -> new Put(identity, "{\"mailFromDomain\":null}");
      case 3 -> new Put(identity, "{\"mailFromDomain\":\"three.%s\"}".formatted(identity));
      default -> throw new IllegalArgumentException("no variant " + variant);
    };
  }

  private List<Told> askForNewIdentities() {
    IntStream.range(UNKNOWN, CALLERS)
        .forEach(i -> cloud.ses().addDomain(REGION, identity(i), true));
    return askAtOnce(IntStream.range(0, CALLERS).mapToObj(i -> Put.of(identity(i))).toList());
  }

  private List<LocalSes.Call> setsAtThePaceOfSes() {
    List<LocalSes.Call> sets = cloud.ses().calls(SET);
    for (int i = 1; i < sets.size(); i++) {
      Duration between = Duration.between(sets.get(i - 1).at(), sets.get(i).at());
      assertTrue(between.compareTo(Duration.ofSeconds(1)) >= 0, sets::toString);
    }
    return sets;
  }

  /** None is answered with an error of ours. */
  private List<Told> askAtOnce(List<Put> puts) {
    List<Told> told = CallersProcess.askAtOnce(cloud, puts);
    Map<Integer, Integer> statuses = new TreeMap<>();
    told.forEach(one -> statuses.merge(one.status(), 1, Integer::sum));
    System.out.printf(
        "%d callers: %s; the slowest waited %s%n",
        told.size(),
        statuses,
        told.stream().map(Told::took).max(Duration::compareTo).orElseThrow());
    assertEquals(CALLERS, told.size());
    assertTrue(Set.of(200, 202, 404).containsAll(statuses.keySet()), statuses::toString);
    return told;
  }

  private static void answeredInTime(List<Told> told) {
    assertEquals(
        List.of(), told.stream().filter(one -> one.took().compareTo(ANSWERED_WITHIN) > 0).toList());
  }

  private List<String> reads() {
    return cloud.ses().calls().stream()
        .filter(call -> call.operation().startsWith("Get"))
        .map(call -> "%s %s".formatted(call.at(), call.operation()))
        .toList();
  }

  private void applyAll() {
    cloud.ses().paceFactor(FASTER);
    // A request that was answered is in the queue of watch until nobody can be at work on it.
    cloud.clock().advance(Duration.ofMinutes(1));
    Functions watch =
        cloud.functions(
            (settings, watching, page) -> {
              Map<String, String> fast = new HashMap<>(watching);
              fast.put("MAILFROM_PACE_SHARE", Integer.toString(FASTER));
              return HandlersInProcess.of(settings, fast, page);
            });
    Map<String, String> environment = cloud.environment();
    IdentityStore identities =
        Cloud.of(Configuration.of(environment), environment, new SystemMachineClock()).identities();
    int runs = 0;
    while (!identities.queued(REGION).isEmpty()) {
      assertTrue(runs++ < 20, () -> "the queue does not end: " + identities.queued(REGION));
      var _ = watch.watch(Map.of("job", "apply", "time", cloud.clock().instant().toString()));
    }
  }

  private LocalSes.Live live(String identity) {
    return cloud.ses().live(REGION, identity).orElseThrow();
  }

  private void liveIsWhatIsDesired(List<String> all) {
    Http http = new Http(cloud.url());
    List<String> wanted = new ArrayList<>();
    List<String> live = new ArrayList<>();
    for (String identity : all) {
      var shown = http.mailFrom(identity);
      assertEquals("APPLIED", shown.path("progress").path("state").asText(), shown::toString);
      var domain = shown.path("desired").path("mailFromDomain");
      wanted.add(
          domain.isNull()
              ? identity + " nothing"
              : "%s %s %s"
                  .formatted(
                      identity,
                      domain.asText(),
                      shown.path("desired").path("behaviorOnMxFailure").asText()));
      LocalSes.Live now = live(identity);
      live.add(
          now.mailFromDomain() == null
              ? identity + " nothing"
              : "%s %s %s".formatted(identity, now.mailFromDomain(), now.behavior().word()));
    }
    assertEquals(wanted, live);
  }
}
