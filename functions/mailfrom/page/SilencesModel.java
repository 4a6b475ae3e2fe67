package mailfrom.page;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import mailfrom.domain.identity.Silence;

/**
 * The silences, those that hold first.
 *
 * @param more how many are not shown
 */
record SilencesModel(List<Kept> kept, int more) {
  private static final int MOST = 100;

  /** A silence. */
  record Kept(
      String state,
      String look,
      String match,
      String from,
      String until,
      String reason,
      String by,
      String id) {}

  static SilencesModel of(Sources sources, Instant now) {
    List<Silence> all =
        sources.regionStore().silences().stream()
            .sorted(
                Comparator.comparingInt((Silence silence) -> place(silence.state(now)))
                    .thenComparing(Silence::until))
            .toList();
    return new SilencesModel(
        all.stream().limit(MOST).map(silence -> kept(silence, now)).toList(),
        Math.max(all.size() - MOST, 0));
  }

  private static int place(Silence.State state) {
    return switch (state) {
      case ACTIVE -> 0;
      case PENDING -> 1;
      case ENDED -> 2;
    };
  }

  private static Kept kept(Silence silence, Instant now) {
    Silence.State state = silence.state(now);
    return new Kept(
        Words.of(state),
        state == Silence.State.ACTIVE ? "mf-warning" : "mf-plain",
        match(silence.match()),
        Texts.at(silence.from()),
        "%s, %s".formatted(Texts.at(silence.until()), Texts.distance(now, silence.until())),
        silence.reason(),
        silence.by(),
        silence.id());
  }

  private static String match(Silence.Match match) {
    List<String> parts = new ArrayList<>();
    if (match.name() != null) {
      parts.add("name " + match.name());
    }
    if (match.label() != null) {
      parts.add("label " + match.label());
    }
    if (match.cause() != null) {
      parts.add("cause " + match.cause());
    }
    if (match.region() != null) {
      parts.add("Region " + match.region());
    }
    return parts.isEmpty() ? "every identity" : String.join(", ", parts);
  }
}
