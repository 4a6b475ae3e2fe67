package mailfrom.app.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import mailfrom.app.pace.CallResult;
import mailfrom.app.pace.Slot;
import mailfrom.app.read.AnswersByName;
import mailfrom.app.read.ForwardingSes;
import mailfrom.app.read.InProcessSes;
import mailfrom.app.read.Ses;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A list of ten identities on pages of two, and what may become of its pages. */
class ListPagesTest {
  private static final int ALL = 10;

  private final World world = new World();
  private int calls;

  private interface Pages {
    CallResult<Ses.Page> list(@Nullable String token, CallResult<Ses.Page> right);
  }

  @BeforeEach
  void tenWork() {
    world.manner = new InProcessSes.Manner(2, UnaryOperator.identity(), AnswersByName::of);
    IntStream.range(0, ALL).mapToObj("d%d.example"::formatted).forEach(world::healthy);
    assertTrue(world.read().complete());
  }

  private void pages(Pages pages) {
    world.ports =
        new Ports() {
          @Override
          public <T> T around(Class<T> port, T real) {
            return real instanceof Ses ses ? port.cast(new Paged(ses, pages)) : real;
          }
        };
  }

  private final class Paged extends ForwardingSes {
    private final Pages pages;

    Paged(Ses to, Pages pages) {
      super(to);
      this.pages = pages;
    }

    @Override
    public CallResult<Page> list(Slot slot, String region, @Nullable String token) {
      calls++;
      return pages.list(token, super.list(slot, region, token));
    }
  }

  private void nobodyIsDeleted(RunReport.RegionReadReport run) {
    assertEquals(run.listed(), run.read() + run.couldNotAsk() + run.cannotWatch());
    IntStream.range(0, ALL)
        .mapToObj("d%d.example"::formatted)
        .forEach(name -> assertFalse(world.row(name).isGone(), name));
  }

  @Test
  void aPageThatComesTwiceCountsOnce() {
    boolean[] again = {true};
    pages(
        (token, right) -> {
          if (token == null || !again[0]) {
            return right;
          }
          again[0] = false;
          Ses.Page page = ((CallResult.Answered<Ses.Page>) right).value();
          return new CallResult.Answered<>(new Ses.Page(page.names(), List.of(), token));
        });
    RunReport.RegionReadReport run = world.read();
    assertTrue(run.complete());
    assertEquals(ALL, run.listed());
    assertEquals(ALL, run.read());
  }

  @Test
  void aListWithoutAnEndIsGivenUpSoonAndAllThatAreStoredAreRead() {
    pages(
        (token, right) ->
            token == null
                ? right
                : new CallResult.Answered<>(new Ses.Page(List.of(), List.of(), token)));
    RunReport.RegionReadReport run = world.read();
    assertFalse(run.complete());
    assertTrue(calls < ALL, () -> calls + " calls");
    assertEquals(ALL, run.read());
    assertEquals(List.of("BASELINE", "BLIND"), world.taken.reasons(""));
  }

  @Test
  void aTokenThatHoldsNoLongerIsAListThatCouldNotBeRead() {
    pages(
        (token, right) ->
            token == null
                ? right
                : new CallResult.NotAnswered<>(
                    CallResult.Kind.FAILED, "InvalidParameterValue: Invalid NextToken."));
    for (int i = 0; i < 3; i++) {
      RunReport.RegionReadReport run = world.read();
      assertFalse(run.complete());
      assertEquals(ALL, run.read(), "those that are stored are read");
      nobodyIsDeleted(run);
    }
    assertEquals(List.of("BASELINE", "BLIND"), world.taken.reasons(""));
    world.ports = Ports.PLAIN;
    assertTrue(world.read().complete());
    assertEquals(List.of("BASELINE", "BLIND", "BLIND_OVER"), world.taken.reasons(""));
  }

  @Test
  void aListThatEndsInTheMiddleDeletesNobodyAndIsToldOnce() {
    pages(
        (token, right) ->
            new CallResult.Answered<>(
                new Ses.Page(
                    ((CallResult.Answered<Ses.Page>) right).value().names(), List.of(), null)));
    for (int i = 0; i < 3; i++) {
      nobodyIsDeleted(world.read());
    }
    assertEquals(List.of("BASELINE", "MISSING"), world.taken.reasons(""));
  }
}
