package mailfrom.aws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import mailfrom.app.pace.MovingClock;
import mailfrom.app.pace.Tasks;
import mailfrom.app.store.HistoryEntry;
import mailfrom.app.store.IdentityStore;
import mailfrom.app.store.IdentityStore.Row;
import mailfrom.domain.findings.DnsState;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.identity.TestingIdentity;
import mailfrom.domain.name.IdentityKey;
import mailfrom.domain.name.IdentityName;
import mailfrom.local.LocalClock;
import mailfrom.local.LocalTable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** What a process knows of rows is what is in the table, whoever wrote it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KnownRowsTest {
  private static final String NAME = "mailfrom";
  private static final String REGION = "us-east-1";
  private static final Instant T0 = Instant.parse("2026-11-23T10:00:00Z");
  private static final int STEPS = 30;

  private LocalTable local;
  private DynamoDbClient client;

  @BeforeAll
  void start() {
    local = new LocalTable(NAME);
    client = local.client();
  }

  @AfterAll
  void stop() {
    client.close();
    local.close();
  }

  private IdentityStore process(String account) {
    var clock = new MovingClock(new LocalClock(InstantSource.fixed(T0)));
    return new DynamoIdentityStore(new Table(client, NAME, account, new Retry(clock, () -> 1)));
  }

  private static Map<IdentityName, Row> rows(IdentityStore process) {
    try (Stream<Row> rows = process.rows(REGION)) {
      return rows.collect(Collectors.toMap(row -> row.state().key().name(), row -> row));
    }
  }

  private static IdentityKey key(String account, int number) {
    return new IdentityKey(account, REGION, IdentityName.of("team-%d.example".formatted(number)));
  }

  private static IdentityState filled(IdentityKey key, Random random, long rowVersion) {
    return TestingIdentity.of(key, rowVersion, Filled.random(IdentityState.class, random));
  }

  private static void save(
      IdentityStore process, IdentityState state, boolean alone, @Nullable Instant queuedAt) {
    List<HistoryEntry> history = alone ? List.of() : List.of(Filled.of(HistoryEntry.class));
    IdentityStore.Saved _ = process.save(state, history, queuedAt);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aRunReadsWhatIsThereWhoeverWroteIt(long seed) {
    String account = "known-%d".formatted(seed);
    Random random = new Random(seed);
    IdentityStore mine = process(account);
    IdentityStore others = process(account);
    Map<IdentityName, Row> there = new HashMap<>();
    for (int step = 0; step < STEPS; step++) {
      IdentityKey key = key(account, random.nextInt(8));
      IdentityStore writer = random.nextBoolean() ? mine : others;
      Row row = there.get(key.name());
      if (row != null && random.nextInt(4) == 0) {
        // One that comes back begins with the same version.
        IdentityStore.Saved _ = writer.forget(row.state());
        if (random.nextBoolean()) {
          save(others, filled(key, random, 0), true, null);
        }
      } else {
        long version = row == null ? 0 : row.state().rowVersion();
        Instant queuedAt = random.nextInt(3) == 0 ? T0 : null;
        save(writer, filled(key, random, version), random.nextBoolean(), queuedAt);
      }

      there = rows(process(account));
      assertEquals(there, rows(mine), "step " + step);
    }
    assertTrue(there.size() > 3);
  }

  @Test
  void writersWhoWentTogetherAreToldApart() {
    String account = "known-together";
    IdentityStore mine = process(account);
    save(mine, filled(key(account, 0), new Random(0), 0), true, null);
    assertEquals(1, rows(mine).size());

    // In shared transactions: one id for several rows.
    List<Integer> numbers = IntStream.range(1, 40).boxed().toList();
    var _ =
        Tasks.sideBySide(
            16,
            numbers,
            number -> {
              save(mine, filled(key(account, number), new Random(number), 0), false, T0);
              return number;
            });

    assertEquals(rows(process(account)), rows(mine));
  }

  @Test
  void whatNobodyWroteIsNotReadAgain() {
    String account = "known-same";
    IdentityStore mine = process(account);
    for (int number = 0; number < 20; number++) {
      save(process(account), filled(key(account, number), new Random(number), 0), true, null);
    }
    Map<IdentityName, Row> first = rows(mine);
    IdentityKey changed = key(account, 7);
    save(process(account), filled(changed, new Random(100), 1), true, null);

    Map<IdentityName, Row> second = rows(mine);

    first.forEach(
        (name, row) -> {
          if (name.equals(changed.name())) {
            assertNotSame(row, second.get(name));
            assertEquals(2, Objects.requireNonNull(second.get(name)).state().rowVersion());
          } else {
            assertSame(row, second.get(name));
          }
        });
  }

  @Test
  void aRowThatIsTooLongIsKnownAsItWasStored() {
    String account = "known-long";
    IdentityStore mine = process(account);
    save(mine, filled(key(account, 0), new Random(0), 0), true, null);
    assertEquals(1, rows(mine).size());
    IdentityState state = filled(key(account, 1), new Random(1), 0);
    DnsState dns = state.dnsState();
    save(mine, state.withDns(dns.withMxUnderSuccess("x".repeat(33_000))), true, null);

    assertEquals(rows(process(account)), rows(mine));
  }
}
