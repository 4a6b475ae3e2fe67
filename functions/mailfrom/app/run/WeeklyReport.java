package mailfrom.app.run;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.IsoFields;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import mailfrom.app.pace.WritePace;
import mailfrom.app.store.RegionState;
import mailfrom.app.tell.Publisher;
import mailfrom.app.tell.RunTexts;
import mailfrom.domain.incident.Notice;
import mailfrom.domain.incident.Reason;
import mailfrom.domain.incident.RunNotice;
import mailfrom.domain.incident.Topic;

/**
 * One message a week to people that all is well, or what is not: who gets none learns that nobody
 * watches. The first Region's row keeps the week it was told for, and owes it until it is taken.
 */
public final class WeeklyReport {
  /** A week begins on Monday at eight (UTC), when somebody reads it. */
  private static final Duration INTO_MONDAY = Duration.ofHours(8);

  private final ReadRun.Parts parts;

  public WeeklyReport(ReadRun.Parts parts) {
    this.parts = parts;
  }

  /** Tells it after the first run of a week; the week in which it was switched on has none. */
  public void tell(RunReport.ReadReport run) {
    // Who holds a skipped Region's lease tells it, or the next run.
    if (run.regions().stream().anyMatch(RunReport.RegionReadReport::skipped)) {
      return;
    }
    String week = week(run.at());
    String home = parts.regions().getFirst();
    if (week.equals(parts.regionStates().find(home).weekTold())) {
      return;
    }
    AtomicBoolean ours = new AtomicBoolean();
    RegionState after =
        parts
            .regionStates()
            .change(
                home,
                state -> {
                  ours.set(state.weekTold() != null && !week.equals(state.weekTold()));
                  RegionState.Builder next = state.toBuilder().weekTold(week);
                  return (ours.get() ? next.owing(notice(run, week)) : next).build();
                });
    if (ours.get()) {
      new Publisher(parts, new WritePace(parts.clock())).publish(after, List.of(), run.at());
    }
  }

  private RunNotice notice(RunReport.ReadReport run, String week) {
    return new RunNotice(
        Notice.hash("%s|%s|%s".formatted(parts.account(), Reason.WEEKLY, week)),
        Reason.WEEKLY,
        RunTexts.weeklySeverity(run),
        RunTexts.weekly(run),
        run.at(),
        // People are told; machines have the alarm on runs that do not come.
        Set.of(Topic.NOTICES));
  }

  static String week(Instant at) {
    LocalDate day = LocalDate.ofInstant(at.minus(INTO_MONDAY), ZoneOffset.UTC);
    return "%d-W%02d"
        .formatted(day.get(IsoFields.WEEK_BASED_YEAR), day.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR));
  }
}
