package mailfrom.aws;

import static mailfrom.domain.identity.TestingIdentity.ACCOUNT;
import static mailfrom.domain.identity.TestingIdentity.REGION;
import static mailfrom.domain.identity.TestingIdentity.T0;
import static mailfrom.domain.identity.TestingIdentity.key;
import static mailfrom.domain.identity.TestingIdentity.named;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import mailfrom.app.batch.Batch;
import mailfrom.app.batch.BatchStore;
import mailfrom.app.pace.LeaseStore;
import mailfrom.app.pace.SesOperation;
import mailfrom.app.pace.SlotStore;
import mailfrom.app.pace.Tasks;
import mailfrom.app.store.HistoryEntry;
import mailfrom.app.store.IdentityStore;
import mailfrom.app.store.RegionStore;
import mailfrom.app.store.TableContract;
import mailfrom.domain.findings.Finding;
import mailfrom.domain.findings.FindingCode;
import mailfrom.domain.findings.FindingSeverity;
import mailfrom.domain.identity.IdentityState;
import mailfrom.local.LocalTable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;
import software.amazon.awssdk.services.dynamodb.model.TransactionInProgressException;

/** The real table, as DynamoDB Local has it, keeps the contract, and what only it can show. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DynamoTableTest extends TableContract {
  private static final String NAME = "mailfrom";
  private static final int LARGEST_ROW = 32 * 1024;
  private static final Set<String> WRITES =
      Set.of("putItem", "updateItem", "deleteItem", "transactWriteItems");

  private LocalTable local;
  private DynamoDbClient client;
  private Table table;

  @BeforeAll
  void start() {
    local = new LocalTable(NAME);
    client = local.client();
    table = new Table(client, NAME, ACCOUNT, new Retry(clock, () -> 1));
  }

  @AfterAll
  void stop() {
    client.close();
    local.close();
  }

  @BeforeEach
  void empty() {
    for (Map<String, AttributeValue> row : rows()) {
      client.deleteItem(
          r -> r.tableName(NAME).key(Map.of("pk", at(row, "pk"), "sk", at(row, "sk"))));
    }
  }

  private List<Map<String, AttributeValue>> rows() {
    return client.scanPaginator(r -> r.tableName(NAME)).items().stream().toList();
  }

  private static AttributeValue at(Map<String, AttributeValue> row, String name) {
    return Optional.ofNullable(row.get(name)).orElseThrow();
  }

  @Override
  protected IdentityStore identities() {
    return new DynamoIdentityStore(table);
  }

  @Override
  protected RegionStore regions() {
    return new DynamoRegionStore(table);
  }

  @Override
  public SlotStore slots() {
    return new DynamoSlotStore(table);
  }

  @Override
  public BatchStore batches() {
    return new DynamoBatchStore(table);
  }

  @Override
  public LeaseStore leases() {
    return new DynamoLeaseStore(table, clock);
  }

  /** What happens to a write in the place of, or before, its reaching the table. */
  private interface Mishap {
    void at(Method write, Object... arguments) throws Throwable;
  }

  private Table with(Mishap mishap) {
    DynamoDbClient troubled =
        (DynamoDbClient)
            Proxy.newProxyInstance(
                DynamoTableTest.class.getClassLoader(),
                new Class<?>[] {DynamoDbClient.class},
                (proxy, method, arguments) -> {
                  try {
                    if (WRITES.contains(method.getName())) {
                      mishap.at(method, arguments);
                    }
                    return method.invoke(client, arguments);
                  } catch (InvocationTargetException e) {
                    throw e.getCause() == null ? e : e.getCause();
                  }
                });
    return new Table(troubled, NAME, ACCOUNT, new Retry(clock, () -> 1));
  }

  /** Every write reaches the table twice, as when the first answer was lost. */
  private Table retrying() {
    return with((write, arguments) -> write.invoke(client, arguments));
  }

  /** The first writes meet a transaction of somebody else, which DynamoDB Local never says. */
  private Table inTheWayOfTransactions(int writes) {
    AtomicInteger left = new AtomicInteger(writes);
    return with(
        (write, arguments) -> {
          if (left.getAndDecrement() > 0) {
            throw write.getName().equals("transactWriteItems")
                ? TransactionInProgressException.builder().message("in progress").build()
                : TransactionConflictException.builder().message("conflict").build();
          }
        });
  }

  @Test
  void aRowInATransactionOfSomebodyElseIsAConflict() {
    List<HistoryEntry> history =
        List.of(new HistoryEntry(T0, null, HistoryEntry.What.EFFECT, null, null, "CUSTOM"));
    IdentityState state = named("example.com").build();
    IdentityState stored =
        assertInstanceOf(IdentityStore.Saved.Stored.class, identities().save(state, history, T0))
            .state();
    IdentityStore met = new DynamoIdentityStore(inTheWayOfTransactions(Integer.MAX_VALUE));
    IdentityStore.Saved conflict = new IdentityStore.Saved.Conflict();
    assertEquals(conflict, met.save(stored, List.of(), null));
    assertEquals(conflict, met.save(stored, history, T0));
    assertEquals(conflict, met.forget(stored));
    met.unqueue(identities().queued(REGION).getFirst());
    assertEquals(1, identities().queued(REGION).size(), "it stays, and is looked at again");
    assertEquals(Optional.of(stored), identities().find(state.key()));
  }

  private Map<String, AttributeValue> lease(String name) {
    return client
        .getItem(r -> r.tableName(NAME).key(table.key("LEASE#" + ACCOUNT + "#" + name, "lease")))
        .item();
  }

  @Test
  void theRowOfALeaseWhoseHolderDiedIsDeletedAnHourAfterItsEnd() {
    Instant now = clock.now();
    assertTrue(leases().hold("us-east-1/set/a.example", "dead", Duration.ofSeconds(20)));
    assertEquals(
        now.plusSeconds(20).plus(Duration.ofHours(1)).getEpochSecond(),
        Table.number(lease("us-east-1/set/a.example"), Table.EXPIRES_AT));
    time.advance(Duration.ofSeconds(20));
    assertTrue(leases().hold("us-east-1/set/a.example", "next", Duration.ofSeconds(20)));
    leases().release("us-east-1/set/a.example", "next");
    assertEquals(Map.of(), lease("us-east-1/set/a.example"));
  }

  @Test
  void aRegionASlotAndALeaseInATransactionAreTakenLater() {
    RegionStore met = new DynamoRegionStore(inTheWayOfTransactions(2));
    met.change(REGION, region -> counted(region, 7));
    assertEquals(7, regions().find(REGION).reading().identities());
    assertEquals(
        Optional.of(T0),
        new DynamoSlotStore(inTheWayOfTransactions(2))
            .reserve(REGION, SesOperation.GET_DKIM, T0, Duration.ofSeconds(1), Duration.ZERO));
    LeaseStore leases = new DynamoLeaseStore(inTheWayOfTransactions(1), clock);
    assertFalse(leases.hold("read", "a", Duration.ofMinutes(1)));
    assertTrue(leases.hold("read", "a", Duration.ofMinutes(1)));
    new DynamoLeaseStore(inTheWayOfTransactions(1), clock).release("read", "a");
    assertFalse(leases.hold("read", "b", Duration.ofMinutes(1)), "it runs out by itself");
  }

  @Test
  void aBatchWhoseKeyIsInATransactionIsMadeAfterIt() {
    AtomicInteger left = new AtomicInteger(2);
    BatchStore met =
        new DynamoBatchStore(
            with(
                (write, arguments) -> {
                  if (write.getName().equals("transactWriteItems") && left.getAndDecrement() > 0) {
                    throw TransactionInProgressException.builder().message("in progress").build();
                  }
                }));
    Batch head = Filled.of(Batch.class).withRowVersion(0);
    assertEquals(
        new BatchStore.Created.Stored(),
        met.create(head, List.of(), new BatchStore.Request("key", "content")));
    assertEquals(head.id(), batches().first("key", head.createdAt()).orElseThrow().batch().id());
    left.set(1);
    assertFalse(met.save(head.withRowVersion(1), null));
    assertTrue(met.save(head.withRowVersion(1), null));
  }

  @Test
  void aRegionThatOthersKeepWritingIsGivenUp() {
    AtomicInteger tries = new AtomicInteger();
    RegionStore overtaken =
        new DynamoRegionStore(
            with(
                (write, arguments) ->
                    regions().change(REGION, region -> counted(region, tries.incrementAndGet()))));
    assertThrows(
        IllegalStateException.class,
        () -> overtaken.change(REGION, region -> region.with(region.told().baselined(T0))));
    assertEquals(Retry.TRIES, tries.get());
    assertNull(regions().find(REGION).told().baselinedAt());
  }

  @Test
  void callsSideBySideGiveTheirAnswersInOrderOrWhatOneFailedWith() {
    List<Supplier<Integer>> calls =
        IntStream.range(0, 40).<Supplier<Integer>>mapToObj(i -> () -> i).toList();
    assertEquals(
        IntStream.range(0, 40).boxed().toList(), Tasks.sideBySide(4, calls, Supplier::get));
    List<Supplier<Integer>> failing =
        Collections.nCopies(
            40,
            () -> {
              throw new IllegalArgumentException("this one");
            });
    Tasks.TaskFailed failed =
        assertThrows(Tasks.TaskFailed.class, () -> Tasks.sideBySide(4, failing, Supplier::get));
    assertInstanceOf(IllegalArgumentException.class, failed.getCause());
  }

  @Test
  void aRetriedWriteThatHadSucceededCountsAsStored() {
    IdentityStore retrying = new DynamoIdentityStore(retrying());
    IdentityState state = named("example.com").build();
    List<HistoryEntry> history =
        List.of(new HistoryEntry(T0, null, HistoryEntry.What.EFFECT, null, null, "CUSTOM"));
    IdentityState first =
        assertInstanceOf(IdentityStore.Saved.Stored.class, retrying.save(state, List.of(), null))
            .state();
    IdentityState second =
        assertInstanceOf(IdentityStore.Saved.Stored.class, retrying.save(first, history, T0))
            .state();
    assertEquals(Optional.of(second), identities().find(state.key()));
    assertEquals(2, second.rowVersion());
    assertEquals(history, identities().history(state.key(), 10, null, T0).items());
    assertInstanceOf(
        IdentityStore.Saved.Conflict.class, retrying.save(first, List.of(), null), "not ours");
  }

  @Test
  void aRetriedReservationWastesASlotAtMost() {
    SlotStore retrying = new DynamoSlotStore(retrying());
    Duration gap = Duration.ofSeconds(1);
    Duration wait = Duration.ofMinutes(1);
    assertEquals(Optional.of(T0), retrying.reserve(REGION, SesOperation.GET_DKIM, T0, gap, wait));
    Instant last = T0;
    for (int i = 0; i < 3; i++) {
      Instant slot = retrying.reserve(REGION, SesOperation.GET_DKIM, T0, gap, wait).orElseThrow();
      assertTrue(!slot.isBefore(last.plus(gap)), slot + " after " + last);
      last = slot;
    }
  }

  /** A call that missed its slot is in a hurry: what it takes next costs one call. */
  @Test
  void aSlotThatWasGivenBackIsTakenAgainAtOnce() {
    AtomicInteger calls = new AtomicInteger();
    SlotStore counted = new DynamoSlotStore(with((_, _) -> calls.incrementAndGet()));
    Duration gap = Duration.ofSeconds(1);
    Instant later = T0.plusMillis(100);
    assertEquals(
        Optional.of(T0),
        counted.reserve(REGION, SesOperation.GET_DKIM, T0, gap, Duration.ofMinutes(1)));
    counted.giveBack(REGION, SesOperation.GET_DKIM, T0, gap);
    calls.set(0);
    assertEquals(
        Optional.of(later),
        counted.reserve(REGION, SesOperation.GET_DKIM, later, gap, Duration.ofMinutes(1)));
    assertEquals(1, calls.get());
    Instant end = later.plus(gap);
    Instant queued =
        slots()
            .reserve(REGION, SesOperation.GET_DKIM, later, gap, Duration.ofMinutes(1))
            .orElseThrow();
    assertEquals(end, queued);
    counted.giveBack(REGION, SesOperation.GET_DKIM, later, gap);
    assertEquals(
        end.plus(gap), counted.free(REGION, SesOperation.GET_DKIM), "somebody has the next");
  }

  @Test
  void aRetriedChangeOfARegionIsMadeOnce() {
    RegionStore retrying = new DynamoRegionStore(retrying());
    for (int i = 1; i <= 3; i++) {
      retrying.change(REGION, r -> counted(r, 1));
      assertEquals(i, regions().find(REGION).reading().identities());
    }
  }

  @Test
  void aRowIsNeverLargerThanOneThousandWriteUnitsCanTake() {
    Finding finding =
        new Finding(
            FindingCode.MX_MISSING, FindingSeverity.ERROR, "There is no MX record. ", null, null);
    IdentityState large =
        named("example.com")
            .dns("bounce.example.com", Collections.nCopies(1000, finding), List.of())
            .build();
    assertInstanceOf(IdentityStore.Saved.Stored.class, identities().save(large, List.of(), null));
    Map<String, AttributeValue> row = rows().getFirst();
    int bytes = at(row, "doc").s().getBytes(StandardCharsets.UTF_8).length;
    assertTrue(bytes <= LARGEST_ROW, bytes + " bytes");
    IdentityState found = identities().find(large.key()).orElseThrow();
    assertEquals(List.of(), found.dnsState().findings(), "what DNS said is the first to go");
    assertEquals(large.incidentState(), found.incidentState());
    assertEquals(large.effectState(), found.effectState());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aRowOfANewerSchemaIsRefusedAndNeverOverwritten(boolean withHistory) {
    IdentityState state = named("example.com").build();
    identities().save(state, List.of(), null);
    Map<String, AttributeValue> newer = new HashMap<>(rows().getFirst());
    newer.put("schema", AttributeValue.fromN("2"));
    newer.put("v", AttributeValue.fromN("2"));
    newer.put("doc", AttributeValue.fromS("{\"of\":\"another shape\"}"));
    client.putItem(r -> r.tableName(NAME).item(newer));

    assertThrows(IllegalStateException.class, () -> identities().find(state.key()));
    assertThrows(IllegalStateException.class, () -> identities().ofRegion(REGION).toList());
    List<HistoryEntry> history =
        withHistory
            ? List.of(new HistoryEntry(T0, null, HistoryEntry.What.EFFECT, null, null, "x"))
            : List.of();
    // An older program that read the row before: its version is the stored one.
    assertInstanceOf(IdentityStore.Saved.Conflict.class, identities().save(state, history, null));
    assertInstanceOf(
        IdentityStore.Saved.Conflict.class,
        identities().save(state.withRowVersion(1), history, null));
    assertEquals(List.of(newer), rows());
  }

  @Test
  void oneRowAnIdentityAndItsHistoryInPartitionsOfTheirOwn() {
    identities()
        .save(
            named("example.com").build(),
            List.of(new HistoryEntry(T0, null, HistoryEntry.What.EFFECT, null, null, "x")),
            T0);
    Set<String> kinds =
        Set.copyOf(rows().stream().map(row -> at(row, "pk").s().split("#", 2)[0]).toList());
    assertEquals(Set.of("ID", "HIST", "WORK"), kinds);
    assertEquals(key("example.com"), identities().queued(REGION).getFirst().key());
  }
}
