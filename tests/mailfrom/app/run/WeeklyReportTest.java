package mailfrom.app.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import mailfrom.app.text.Message;
import mailfrom.app.text.RecordsByHand.Mx;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The weekly report, after real runs. The first day is a Monday, 10:00. */
class WeeklyReportTest {
  private final World world = new World();

  private RunReport.ReadReport readAndTell() {
    world.time.advance(Duration.ofMinutes(15));
    Parts parts = world.parts(world.slots, world.taken);
    Instant now = world.time.instant();
    RunReport.ReadReport run = new ReadRun(parts).run(now, now.plus(Duration.ofMinutes(10)));
    new WeeklyReport(parts).tell(run);
    return run;
  }

  private List<String> reports() {
    return world.taken.alerts().stream()
        .map(Message::subject)
        .filter(subject -> subject.contains("Weekly report"))
        .toList();
  }

  private void toMonday(int hour) {
    Instant monday = Instant.parse("2026-11-30T00:00:00Z").plus(Duration.ofHours(hour));
    world.time.advance(Duration.between(world.time.instant(), monday));
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          2026-11-23T07:59:59Z, 2026-W47
          2026-11-23T08:00:00Z, 2026-W48
          2026-11-30T07:59:59Z, 2026-W48
          2026-11-30T08:00:00Z, 2026-W49
          2027-01-01T12:00:00Z, 2026-W53
          2027-01-04T08:00:00Z, 2027-W01
          """)
  void aWeekBeginsOnMondayAtEight(Instant at, String week) {
    assertEquals(week, WeeklyReport.week(at));
  }

  @Test
  void itIsToldOnceAWeekFromTheWeekAfterItWasSwitchedOn() {
    world.healthy("a.example");
    readAndTell();
    readAndTell();
    assertEquals(List.of(), reports());
    toMonday(7);
    readAndTell();
    assertEquals(List.of(), reports());
    toMonday(8);
    readAndTell();
    readAndTell();
    assertEquals(
        List.of("Weekly report: all is well with 1 identities (INFO, us-east-1)"), reports());
    assertTrue(
        world.taken.notices().stream().noneMatch(one -> one.reason().equals("WEEKLY")),
        "for people only");
    world.time.advance(Duration.ofDays(7));
    readAndTell();
    assertEquals(2, reports().size());
  }

  @Test
  void whatIsNotWellIsCounted() {
    world.healthy("a.example");
    world.healthy("b.example");
    readAndTell();
    world.reject("a.example");
    world.mx("a.example", Mx.NONE);
    world.mx("b.example", Mx.NONE);
    toMonday(9);
    readAndTell();
    assertEquals(
        List.of(
            "Weekly report: not all is well, 2 of 2 identities are in trouble (CRITICAL, us-east-1)"),
        reports());
    String text = world.taken.alerts().getLast().text();
    Stream.of("1 rejected", "1 fall back", "us-east-1: 2 identities, 1 REJECTED, 1 FALLBACK")
        .forEach(words -> assertTrue(text.contains(words), text));
  }

  @Test
  void oneThatNobodyTookIsDeliveredByTheNextRunAndNotMadeAgain() {
    world.healthy("a.example");
    readAndTell();
    toMonday(8);
    world.taken.failing(true);
    readAndTell();
    world.taken.failing(false);
    readAndTell();
    readAndTell();
    assertEquals(
        List.of("Weekly report: all is well with 1 identities (INFO, us-east-1)"), reports());
  }

  @Test
  void aRunThatSkippedARegionLeavesItToTheOther() {
    world.healthy("a.example");
    readAndTell();
    toMonday(8);
    world.leases.hold("us-east-1#read", "another run", Duration.ofHours(1));
    assertTrue(readAndTell().regions().getFirst().skipped());
    assertEquals(List.of(), reports());
  }
}
