package mailfrom.app.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import mailfrom.app.pace.Tasks;
import mailfrom.app.store.ForwardingIdentityStore;
import mailfrom.app.store.InMemoryIdentityStore;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.name.IdentityKey;
import mailfrom.domain.name.IdentityName;
import org.junit.jupiter.api.Test;

class LoadedIdentitiesTest {
  private static final String ACCOUNT = "123456789012";
  private static final IdentityName NAME = IdentityName.of("shop.example");

  private final LoadedIdentities first = new LoadedIdentities(ACCOUNT, "eu-west-1", () -> {});
  private final LoadedIdentities second = new LoadedIdentities(ACCOUNT, "us-east-1", () -> {});
  private final NamesInUse names = new NamesInUse(() -> {});

  /** Does something before the second Region's rows are read. */
  private static final class Between extends ForwardingIdentityStore {
    private final Runnable work;

    Between(Runnable work) {
      super(new InMemoryIdentityStore());
      this.work = work;
      Saved _ =
          save(IdentityState.unseen(new IdentityKey(ACCOUNT, "eu-west-1", NAME)), List.of(), null);
    }

    @Override
    public Stream<Row> rows(String region) {
      if (region.equals("us-east-1")) {
        work.run();
      }
      return super.rows(region);
    }
  }

  @Test
  void whoWaitsForARegionDoesNotWaitForTheNextOne() {
    AtomicReference<Optional<IdentityState>> found = new AtomicReference<>(Optional.empty());
    CountDownLatch isFound = new CountDownLatch(1);
    try (Tasks.Scope tasks = Tasks.threads().open()) {
      Tasks.Lane waiting = tasks.lane(1);
      waiting.run(
          () -> {
            found.set(first.find(NAME));
            isFound.countDown();
          });
      LoadedIdentities.loadAll(List.of(first, second), new Between(() -> await(isFound)), names);
      waiting.join();
    }

    assertTrue(found.get().isPresent());
    assertEquals(0, second.all().size());
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void whoWaitsForARegionThatCannotBeLoadedLearnsWhy() {
    RuntimeException noTable = new IllegalStateException("there is no table");
    Between table =
        new Between(
            () -> {
              throw noTable;
            });

    assertSame(
        noTable,
        assertThrows(
            IllegalStateException.class,
            () -> LoadedIdentities.loadAll(List.of(first, second), table, names)));

    assertTrue(first.find(NAME).isPresent());
    assertSame(noTable, assertThrows(Tasks.TaskFailed.class, second::all).getCause());
  }
}
