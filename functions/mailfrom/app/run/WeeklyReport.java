package mailfrom.app.run;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.IsoFields;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import mailfrom.app.store.IdentityWriter;
import mailfrom.app.store.RegionState;
import mailfrom.app.tell.Publisher;
import mailfrom.app.text.RunTexts;
import mailfrom.domain.incident.Notice;
import mailfrom.domain.incident.Reason;
import mailfrom.domain.incident.RunNotice;
import mailfrom.domain.incident.Severity;
import mailfrom.domain.incident.Topic;
import mailfrom.domain.incident.TroubleKind;

/**
 * One message a week to people that all is well, or what is not: who gets none learns that nobody
 * watches. The first Region's row keeps the week it was told for, and owes it until it is taken.
 */
public final class WeeklyReport {
  /** A week begins on Monday at eight (UTC), when somebody reads it. */
  private static final Duration INTO_MONDAY = Duration.ofHours(8);

  private final Parts parts;

  public WeeklyReport(Parts parts) {
    this.parts = parts;
  }

  /** Tells it after the first run of a week; the week in which it was switched on has none. */
  public void tell(RunReport.ReadReport run) {
    // Who holds a skipped Region's lease tells it, or the next run.
    if (run.regions().stream().anyMatch(RunReport.RegionReadReport::skipped)) {
      return;
    }
    String week = week(run.at());
    RegionState after =
        parts
            .regions()
            .change(
                parts.watched().getFirst(),
                state -> {
                  String told = state.told().week();
                  RegionState next = state.with(state.told().week(week));
                  return told == null || told.equals(week) ? next : next.owing(notice(run, week));
                });
    if (after.owed().stream().anyMatch(owed -> owed.reason() == Reason.WEEKLY)) {
      Publisher.Report _ =
          parts
              .publisher(new IdentityWriter(parts.identities()))
              .publish(after, List.of(), run.at());
    }
  }

  private RunNotice notice(RunReport.ReadReport run, String week) {
    return new RunNotice(
        Notice.hash("%s|%s|%s".formatted(parts.account(), Reason.WEEKLY, week)),
        Reason.WEEKLY,
        severity(run),
        text(run),
        List.of(),
        run.at(),
        // People are told; machines have the alarm on runs that do not come.
        Set.of(Topic.NOTICES));
  }

  static String week(Instant at) {
    LocalDate day = LocalDate.ofInstant(at.minus(INTO_MONDAY), ZoneOffset.UTC);
    return "%d-W%02d"
        .formatted(day.get(IsoFields.WEEK_BASED_YEAR), day.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR));
  }

  /** Once a week: that all is well, or what is not. */
  public static String text(RunReport.ReadReport run) {
    Map<TroubleKind, Integer> troubles = new TreeMap<>(Comparator.reverseOrder());
    int identities = 0;
    for (RunReport.RegionReadReport region : run.regions()) {
      identities += region.listed();
      region.troubles().forEach((trouble, count) -> troubles.merge(trouble, count, Integer::sum));
    }
    StringBuilder text = new StringBuilder();
    text.append(
        severity(run) == Severity.INFO
            ? "Weekly report: all is well with %d identities".formatted(identities)
            : "Weekly report: not all is well, %d of %d identities are in trouble"
                .formatted(
                    troubles.values().stream().mapToInt(Integer::intValue).sum(), identities));
    RunTexts.counts(text, troubles);
    text.append("\nRead now:");
    for (RunReport.RegionReadReport region : run.regions()) {
      text.append("\n  %s: %d identities".formatted(region.region(), region.read()));
      region.effects().forEach((effect, count) -> text.append(", %d %s".formatted(count, effect)));
      if (!region.complete()) {
        text.append(", and not all could be asked for");
      }
    }
    return text.append("\nThe next report comes in a week. If it does not, nobody watches.")
        .toString();
  }

  public static Severity severity(RunReport.ReadReport run) {
    return run.regions().stream()
        .flatMap(region -> region.troubles().keySet().stream())
        .map(
            trouble ->
                switch (trouble) {
                  case REJECTED, UNVERIFIED -> Severity.CRITICAL;
                  case FALLBACK, SPF_BROKEN -> Severity.WARNING;
                  case NOT_COVERED -> Severity.INFO;
                })
        .max(Comparator.naturalOrder())
        .filter(worst -> worst != Severity.INFO || run.complete())
        .orElse(run.complete() ? Severity.INFO : Severity.WARNING);
  }
}
