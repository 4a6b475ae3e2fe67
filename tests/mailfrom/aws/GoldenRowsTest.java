package mailfrom.aws;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import mailfrom.app.batch.Batch;
import mailfrom.app.batch.BatchChunk;
import mailfrom.app.batch.BatchStore;
import mailfrom.app.pace.MovingClock;
import mailfrom.app.pace.SesOperation;
import mailfrom.app.read.SharedAnswer;
import mailfrom.app.store.HistoryEntry;
import mailfrom.app.store.Receipts;
import mailfrom.app.store.RegionState;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.identity.Silence;
import mailfrom.domain.name.IdentityName;
import mailfrom.local.LocalClock;
import mailfrom.local.LocalTable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * One row of each stored type, every component filled, as the table holds it: keys, attributes and
 * text. A renamed component shows here as a changed golden file, and loses what was stored under
 * its old name. {@code -Dgolden.write=true} writes the files anew.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GoldenRowsTest {
  private static final String NAME = "mailfrom";
  private static final Instant T0 = Instant.parse("2026-11-23T10:00:00Z");
  private static final String ACCOUNT = "111111111111";
  private static final Path GOLDEN = Path.of("tests/mailfrom/aws/golden");
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private final MovingClock clock = new MovingClock(new LocalClock(InstantSource.fixed(T0)));
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

  @Test
  void anIdentityItsHistoryAndItsPlaceInTheQueue() throws IOException {
    IdentityState state = Filled.of(IdentityState.class);
    new DynamoIdentityStore(table)
        .save(state.withRowVersion(0), List.of(Filled.of(HistoryEntry.class)), clock.now());
    golden("ID#", "identity");
    golden("HIST#", "history");
    golden("WORK#", "work");
    assertEquals(
        Optional.of(state.withRowVersion(1)), new DynamoIdentityStore(table).find(state.key()));
  }

  /** What the index holds of it, beside its keys. */
  @Test
  void thePlaceOfAnIdentityInTheFleet() throws IOException {
    IdentityState state = Filled.of(IdentityState.class);
    Map<String, AttributeValue> place =
        new FleetIndex(table).attributes(state.withSesView(state.sesView().withAbsences(0)));
    assertEquals(Map.of(), new FleetIndex(table).attributes(state), "of one that is gone");
    golden(List.of(shown(place)), "place");
  }

  @Test
  void aRegion() throws IOException {
    RegionState region = Filled.of(RegionState.class);
    new DynamoRegionStore(table).change(region.region(), before -> region.withRowVersion(0));
    golden("REGION#", "region");
    assertEquals(
        region.withRowVersion(1), new DynamoRegionStore(table).find(region.region()), "as written");
  }

  @Test
  void receiptRules() throws IOException {
    Receipts receipts = Filled.of(Receipts.class);
    new DynamoRegionStore(table).keepReceipts("us-east-1", receipts);
    golden("RECEIPT#", "receipts");
  }

  @Test
  void aRunThatIsKept() throws IOException {
    RegionState.LastRun run = Filled.of(RegionState.LastRun.class);
    DynamoRegionStore regions = new DynamoRegionStore(table);
    regions.keepRun("us-east-1", run);
    golden("RUN#", "run");
    assertEquals(List.of(run), regions.runs("us-east-1", run.at(), run.at()));
  }

  @Test
  void aSilence() throws IOException {
    Silence silence = Filled.of(Silence.class);
    new DynamoRegionStore(table).keep(silence);
    golden("SILENCE#", "silence");
    assertEquals(List.of(silence), new DynamoRegionStore(table).silences());
  }

  @Test
  void aBatchItsChunkAndItsRequest() throws IOException {
    Batch head = Filled.of(Batch.class).withRowVersion(0);
    BatchChunk filled = Filled.of(BatchChunk.class);
    BatchChunk chunk = new BatchChunk(head.id(), 0, filled.items(), 0);
    DynamoBatchStore batches = new DynamoBatchStore(table);
    batches.create(head, List.of(chunk), new BatchStore.Request("key", "content"));
    golden("BATCH#", "batch");
    golden("BATCHKEY#", "batch-request");
    golden("OPENBATCHES#", "open-batches");
    golden("BATCHES#", "batches");
    assertEquals(
        Optional.of(head.withRowVersion(1)), batches.find(head.id(), head.createdAt()), "head");
    assertEquals(List.of(chunk.withRowVersion(1)), batches.chunks(head.id()));
  }

  @Test
  void aSlotAndALease() throws IOException {
    DynamoSlotStore slots = new DynamoSlotStore(table);
    slots.reserve(
        "us-east-1", SesOperation.SET_MAIL_FROM, clock.now(), Duration.ofSeconds(1), Duration.ZERO);
    slots.slowDown("us-east-1", SesOperation.SET_MAIL_FROM, clock.now());
    String turn = slots.open(List.of(new IdentityName("one.example")));
    slots.reserveTurn(
        "us-east-1",
        SesOperation.SET_MAIL_FROM,
        clock.now(),
        Duration.ofSeconds(1),
        Duration.ofSeconds(9),
        "the turn's id",
        null);
    slots.join(turn, List.of(new IdentityName("two.example")));
    slots.close(turn);
    SharedAnswer answer = Filled.of(SharedAnswer.class);
    slots.answer(turn, answer);
    assertEquals(Optional.of(answer), slots.answer(turn, SharedAnswer.class));
    golden("SLOT#", "slot");
    golden("TURN#", "turn");
    new DynamoLeaseStore(table, clock).hold("us-east-1#read", "owner", Duration.ofMinutes(1));
    golden("LEASE#", "lease");
  }

  private void golden(String partitions, String name) throws IOException {
    List<JsonNode> rows =
        client.scanPaginator(r -> r.tableName(NAME)).items().stream()
            .filter(
                row -> Optional.ofNullable(row.get("pk")).orElseThrow().s().startsWith(partitions))
            .sorted((one, other) -> one.toString().compareTo(other.toString()))
            .map(GoldenRowsTest::shown)
            .toList();
    golden(rows, name);
  }

  private static void golden(List<JsonNode> rows, String name) throws IOException {
    String text = JSON.writeValueAsString(rows) + "\n";
    Path file = GOLDEN.resolve(name + ".json");
    if (Boolean.getBoolean("golden.write")) {
      Files.writeString(file, text);
    }
    assertEquals(Files.readString(file, StandardCharsets.UTF_8), text, name);
  }

  private static JsonNode shown(Map<String, AttributeValue> row) {
    ObjectNode shown = JSON.createObjectNode();
    new TreeMap<>(row)
        .forEach(
            (name, value) -> {
              if (name.equals("w")) {
                shown.put(name, "(the write's own id)");
              } else if (value.hasSs()) {
                shown.put(name, "set " + value.ss().stream().sorted().toList());
              } else if (name.equals("pk")) {
                shown.put(name, value.s().replaceFirst("[0-9a-f-]{36}$", "(the turn's own id)"));
              } else if (name.equals("doc")) {
                shown.set(name, parsed(value.s()));
              } else {
                shown.put(name, value.s() == null ? "number " + value.n() : value.s());
              }
            });
    return shown;
  }

  private static JsonNode parsed(String doc) {
    try {
      return JSON.readTree(doc);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
