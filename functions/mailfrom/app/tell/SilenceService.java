package mailfrom.app.tell;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import mailfrom.app.store.IdentityStore;
import mailfrom.app.store.RegionStore;
import mailfrom.domain.identity.Caller;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.identity.Silence;
import mailfrom.domain.name.IdentityKey;
import org.jspecify.annotations.Nullable;

/** Keeping silences: watch reads them in each run, and tells their end. */
public final class SilenceService implements SilenceApi {
  private static final int FIRST = 10;

  private final RegionStore regions;
  private final IdentityStore identities;
  private final List<String> watched;
  private final Supplier<String> ids;

  /**
   * Makes the use case.
   *
   * @param watched the Regions that are watched
   * @param ids makes ids that nobody can guess
   */
  public SilenceService(
      RegionStore regions, IdentityStore identities, List<String> watched, Supplier<String> ids) {
    this.regions = regions;
    this.identities = identities;
    this.watched = List.copyOf(watched);
    this.ids = ids;
  }

  @Override
  public Created create(Ask ask, boolean dryRun, Caller caller) {
    if (regions.silences().size() >= MAX_KEPT) {
      return new Created.TooMany();
    }
    Instant from = ask.from() == null ? caller.at() : ask.from();
    Silence silence =
        new Silence(ids.get(), ask.match(), from, ask.until(), ask.reason(), caller.arn());
    Matches matches = matches(silence.match());
    if (dryRun) {
      return new Created.WouldKeep(silence, matches);
    }
    regions.keep(silence);
    return new Created.Kept(silence, matches);
  }

  private Matches matches(Silence.Match match) {
    List<IdentityKey> found = new ArrayList<>();
    for (String region : watched) {
      try (Stream<IdentityState> rows = identities.ofRegion(region)) {
        rows.filter(row -> row.wasSeen() && !row.isGone() && match.matches(row))
            .map(IdentityState::key)
            .forEach(found::add);
      }
    }
    found.sort(Comparator.comparing(IdentityKey::name).thenComparing(IdentityKey::region));
    return new Matches(found.size(), found.stream().limit(FIRST).toList());
  }

  @Override
  public Page list(int limit, @Nullable String cursor) {
    List<Silence> rest =
        regions.silences().stream()
            .sorted(Comparator.comparing(SilenceService::place))
            // A cursor that we did not make shows some page, and breaks nothing.
            .filter(silence -> cursor == null || place(silence).compareTo(cursor) > 0)
            .toList();
    return rest.size() <= limit
        ? new Page(rest, null)
        : new Page(rest.subList(0, limit), place(rest.get(limit - 1)));
  }

  /** The place of a silence in the list, as a text that sorts: the last to end comes first. */
  private static String place(Silence silence) {
    return "%019d %s".formatted(Long.MAX_VALUE - silence.until().toEpochMilli(), silence.id());
  }

  @Override
  public Optional<Silence> end(String id, Caller caller) {
    Optional<Silence> found =
        regions.silences().stream().filter(silence -> silence.id().equals(id)).findFirst();
    found.ifPresent(silence -> end(silence, caller.at()));
    return found.map(silence -> silence.ended(caller.at()));
  }

  private void end(Silence silence, Instant now) {
    switch (silence.state(now)) {
      case PENDING -> regions.forgetSilence(silence.id());
      case ACTIVE -> regions.keep(silence.ended(now));
      case ENDED -> {
        // Its end is told, or about to be.
      }
    }
  }
}
