package mailfrom.app.store;

import static mailfrom.domain.identity.TestingIdentity.T0;
import static mailfrom.domain.identity.TestingIdentity.key;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mailfrom.app.batch.Batch;
import mailfrom.app.batch.BatchApi;
import mailfrom.app.batch.BatchChunk;
import mailfrom.app.batch.BatchItem;
import mailfrom.app.batch.BatchStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What holds for the batches of each table. */
public interface BatchContract {
  BatchStore batches();

  private static Batch head(String id, Instant createdAt) {
    return new Batch(
        id,
        "arn:mia",
        createdAt,
        false,
        Batch.State.CHECKING,
        null,
        2,
        2,
        Map.of(BatchItem.State.CHECKING, 2),
        0,
        null,
        null,
        0);
  }

  private static BatchChunk chunk(String batch, int number) {
    return new BatchChunk(
        batch,
        number,
        List.of(
            BatchItem.unchecked(
                number, new BatchApi.Ask(key("item%d.example".formatted(number)), null))),
        0);
  }

  private BatchStore.Created created(String id, String key, Instant at) {
    return batches()
        .create(
            head(id, at),
            List.of(chunk(id, 0), chunk(id, 1)),
            new BatchStore.Request(key, "content of " + id));
  }

  @Test
  default void aBatchIsFoundWithItsChunksInOrderAndIsOpen() {
    assertEquals(new BatchStore.Created.Stored(), created("b", "second", T0.plusSeconds(1)));
    assertEquals(new BatchStore.Created.Stored(), created("a", "first", T0));

    assertEquals(Optional.of(head("a", T0).withRowVersion(1)), batches().find("a", T0));
    assertEquals(
        List.of(chunk("a", 0).withRowVersion(1), chunk("a", 1).withRowVersion(1)),
        batches().chunks("a"));
    assertEquals(Optional.of(chunk("a", 1).withRowVersion(1)), batches().chunk("a", 1));
    assertEquals(Optional.empty(), batches().chunk("a", 2));
    assertEquals(List.of("a", "b"), batches().open());
    assertEquals(Optional.empty(), batches().find("c", T0));
    assertEquals(List.of(), batches().chunks("c"));
  }

  @Test
  default void batchesOfOneSecondAreOpenInTheOrderInWhichTheyWereMade() {
    created("c", "first", T0);
    created("b", "second", T0.plusNanos(1));
    created("a", "third", T0.plusMillis(250));
    assertEquals(List.of("c", "b", "a"), batches().open());
  }

  @Test
  default void batchesAreListedTheNewestFirstPageByPageWithThoseThatAreOver() {
    created("a", "1", T0);
    created("c", "2", T0.plusSeconds(2));
    created("b", "3", T0.plusSeconds(1));
    assertTrue(batches().save(head("c", T0.plusSeconds(2)).withRowVersion(1).ended(T0), null));
    BatchStore.Listed first = batches().list(2, null, T0);
    assertEquals(List.of("c", "b"), first.heads().stream().map(Batch::id).toList());
    BatchStore.Listed second = batches().list(2, first.next(), T0);
    assertEquals(List.of("a"), second.heads().stream().map(Batch::id).toList());
    assertNull(second.next());
    assertEquals(
        List.of("b", "a"),
        batches().list(9, null, T0.plus(Duration.ofDays(31))).heads().stream()
            .map(Batch::id)
            .toList());
  }

  @Test
  default void oneKeyMakesOneBatch() {
    created("a", "key", T0);
    assertEquals(new BatchStore.Created.Taken(), created("b", "key", T0));

    BatchStore.First first = batches().first("key", T0).orElseThrow();
    assertEquals("content of a", first.content());
    assertEquals("a", first.batch().id());
    assertEquals(Optional.empty(), batches().find("b", T0));
    assertEquals(List.of("a"), batches().open());
    assertEquals(Optional.empty(), batches().first("other", T0));
  }

  @ParameterizedTest
  @CsvSource({"1, 1, true", "0, 1, false", "1, 0, false", "2, 1, false"})
  default void aBatchIsSavedWholeOrNotAtAll(long ofHead, long ofChunk, boolean saved) {
    created("a", "key", T0);
    Batch changed = head("a", T0).with(Batch.State.RUNNING, null).withRowVersion(ofHead);
    BatchChunk after = chunk("a", 1).withRowVersion(ofChunk);

    assertEquals(saved, batches().save(changed, after));

    Batch found = batches().find("a", T0).orElseThrow();
    assertEquals(saved ? changed.withRowVersion(2) : head("a", T0).withRowVersion(1), found);
    assertEquals(saved ? 2 : 1, batches().chunk("a", 1).orElseThrow().rowVersion());
    assertEquals(1, batches().chunk("a", 0).orElseThrow().rowVersion());
  }

  @Test
  default void anEndedBatchIsNotOpenAnyMoreAndStaysToBeRead() {
    created("a", "key", T0);
    Batch ended =
        head("a", T0).with(Batch.State.DONE, null).ended(T0.plusSeconds(60)).withRowVersion(1);

    assertTrue(batches().save(ended, null));

    assertEquals(List.of(), batches().open());
    assertEquals(
        Optional.of(ended.withRowVersion(2)), batches().find("a", T0.plus(Duration.ofDays(29))));
  }

  @ParameterizedTest
  @CsvSource({"P30D, false", "P29D, true"})
  default void aBatchAndItsKeyAreForgottenThirtyDaysAfter(Duration later, boolean isKept) {
    created("a", "key", T0);
    batches().save(head("a", T0).with(Batch.State.DONE, null).ended(T0).withRowVersion(1), null);

    assertEquals(isKept, batches().find("a", T0.plus(later)).isPresent());
    assertEquals(isKept, batches().first("key", T0.plus(later)).isPresent());
  }
}
