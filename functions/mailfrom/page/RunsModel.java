package mailfrom.page;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import mailfrom.app.store.RegionState.LastRun;
import org.jspecify.annotations.Nullable;

/** The read runs of each Region over the dashboard's range of time. */
record RunsModel(String from, String until, List<Chart> charts) {
  private static final Duration USUAL = Duration.ofHours(24);

  /** Runs are kept for so long. */
  private static final Duration LONGEST = Duration.ofDays(14);

  private static final int BARS = 96;
  private static final int HEIGHT = 100;
  private static final int WIDTH = 960;
  private static final int LATEST = 10;

  /**
   * A Region's runs.
   *
   * @param longest how long the longest took; null: there was none
   */
  record Chart(
      String region, String said, @Nullable String longest, List<Bar> bars, List<Latest> latest) {}

  /** The longest of some neighbouring runs, as a bar. */
  record Bar(int x, int width, int y, int height, boolean complete, String said) {}

  /** A run in words. */
  record Latest(String at, String took, int listed, int read, int couldNotAsk, boolean complete) {}

  static RunsModel of(Sources sources, WidgetCall.@Nullable Range range, Instant now) {
    Instant until = range == null || range.until().isAfter(now) ? now : range.until();
    Instant oldest = now.minus(LONGEST);
    Instant wanted = range == null ? until.minus(USUAL) : range.from();
    Instant from = wanted.isBefore(oldest) ? oldest : wanted;
    if (!from.isBefore(until)) {
      // All of the range is older than what is kept, or is still to come.
      from = until.minus(USUAL);
    }
    List<Chart> charts = new ArrayList<>();
    for (String region : sources.regions()) {
      charts.add(chart(region, sources.regionStore().runs(region, from, until), from, until));
    }
    return new RunsModel(Texts.at(from), Texts.at(until), charts);
  }

  private static Chart chart(String region, List<LastRun> runs, Instant from, Instant until) {
    long incomplete = runs.stream().filter(run -> !run.complete()).count();
    return new Chart(
        region,
        runs.isEmpty()
            ? "No run in this time."
            : "%s, %s"
                .formatted(
                    Texts.count(runs.size(), "run", "runs"),
                    incomplete == 0 ? "all complete" : incomplete + " not complete"),
        runs.stream()
            .map(LastRun::took)
            .max(Comparator.naturalOrder())
            .map(Texts::seconds)
            .orElse(null),
        bars(runs, from, until),
        runs.reversed().stream().limit(LATEST).map(RunsModel::latest).toList());
  }

  /** Runs that share a bar show the one that is not complete, or took longest. */
  private static List<Bar> bars(List<LastRun> runs, Instant from, Instant until) {
    long span = Math.max(Duration.between(from, until).toMillis(), 1);
    long longest =
        Math.max(runs.stream().mapToLong(run -> run.took().toMillis()).max().orElse(1), 1);
    List<Bar> bars = new ArrayList<>();
    for (int i = 0; i < BARS; i++) {
      int place = i;
      runs.stream()
          .filter(run -> place(run, from, span) == place)
          .max(Comparator.comparing((LastRun run) -> !run.complete()).thenComparing(LastRun::took))
          .ifPresent(run -> bars.add(bar(run, place, longest)));
    }
    return bars;
  }

  private static int place(LastRun run, Instant from, long span) {
    return Math.clamp(Duration.between(from, run.at()).toMillis() * BARS / span, 0, BARS - 1);
  }

  private static Bar bar(LastRun run, int place, long longest) {
    int height = Math.clamp(run.took().toMillis() * HEIGHT / longest, 4, HEIGHT);
    int width = WIDTH / BARS;
    return new Bar(
        place * width + 1,
        width - 2,
        HEIGHT - height,
        height,
        run.complete(),
        "%s: %s, %d of %d read, %d could not be asked%s"
            .formatted(
                Texts.at(run.at()),
                Texts.seconds(run.took()),
                run.read(),
                run.listed(),
                run.couldNotAsk(),
                run.complete() ? "" : ": not complete"));
  }

  private static Latest latest(LastRun run) {
    return new Latest(
        Texts.at(run.at()),
        Texts.seconds(run.took()),
        run.listed(),
        run.read(),
        run.couldNotAsk(),
        run.complete());
  }
}
