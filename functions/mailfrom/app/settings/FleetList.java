package mailfrom.app.settings;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import mailfrom.app.fleet.FleetFilter;
import mailfrom.app.fleet.FleetPlace;
import mailfrom.app.fleet.FleetRow;
import mailfrom.app.pace.Tasks;
import mailfrom.app.store.IdentityStore;
import mailfrom.app.store.RegionState;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.identity.Silence;
import mailfrom.domain.name.IdentityKey;
import org.jspecify.annotations.Nullable;

/**
 * One look at the list of all Regions, worst first: it takes the worst of what each Region has left
 * and reads the rows that it takes, until there are enough. So it costs what is shown. The order is
 * that of the index, and what is shown is the row.
 */
final class FleetList {
  /** Of a Region at once, when all have alike. */
  private static final int SPARE = 2;

  private static final int FEWEST = 10;

  /** Rows that are read at once when few of them match. */
  private static final int MOST_ROWS = 1000;

  private final IdentityStore identities;
  private final FleetFilter filter;
  private final List<Silence> silences;
  private final int wanted;
  private final List<Part> parts;

  /**
   * Makes one.
   *
   * @param silences those that hold
   * @param cursor after what it begins; empty: at the beginning
   * @param wanted how many identities are looked for
   * @param most how many are looked at for that, about
   */
  FleetList(
      IdentityStore identities,
      Collection<RegionState> regions,
      FleetFilter filter,
      List<Silence> silences,
      String cursor,
      int wanted,
      int most) {
    this.identities = identities;
    this.filter = filter;
    this.silences = silences;
    this.wanted = wanted;
    this.parts =
        regions.stream()
            .map(
                region ->
                    new Part(
                        region,
                        FleetPlace.from(cursor, region.region()),
                        Math.max(1, most / regions.size())))
            .toList();
  }

  /** An identity, and where it stands. */
  record Found(FleetPlace place, FleetRow row) {}

  /** How many were looked at. */
  int lookedAt() {
    return parts.stream().mapToInt(part -> part.lookedAt).sum();
  }

  /** Where the list was cut, since too many were to be looked at; empty: it was not. */
  Optional<FleetPlace> cutAt() {
    return parts.stream()
        .filter(part -> part.places.isEmpty())
        .flatMap(part -> Optional.ofNullable(part.stoppedAt).stream())
        .min(FleetPlace::compare);
  }

  /**
   * Those that match, in the order of the list: as many as are wanted, or all that are left before
   * it was cut.
   */
  List<Found> find() {
    List<Part> _ = Tasks.sideBySide(Fleet.REGIONS_AT_ONCE, parts, Part::filled);
    // An identity that moves just now may stand in the index twice: the worse place counts.
    Map<IdentityKey, Found> found = new LinkedHashMap<>();
    int seen = 0;
    while (found.size() < wanted) {
      List<FleetPlace> next = take(Math.min(Math.max(wanted - found.size(), seen), MOST_ROWS));
      if (next.isEmpty()) {
        break;
      }
      seen += next.size();
      Map<IdentityKey, IdentityState> states = states(next);
      for (FleetPlace place : next) {
        IdentityState state = states.get(place.key());
        // Deleted since it was written into the index: it is not shown.
        if (state != null && FleetPlace.isShown(state)) {
          FleetRow row = FleetRow.of(state, silences);
          if (filter.matches(row)) {
            found.putIfAbsent(place.key(), new Found(place, row));
          }
        }
      }
    }
    return found.values().stream().limit(wanted).toList();
  }

  /** The next places of all Regions. */
  private List<FleetPlace> take(int many) {
    List<FleetPlace> taken = new ArrayList<>();
    while (taken.size() < many) {
      Optional<Part> worst =
          parts.stream()
              .filter(Part::hasPlaces)
              .min(Comparator.comparing(part -> part.places.element(), FleetPlace::compare));
      // What comes after a cut is shown by the next page.
      if (worst.isEmpty() || isCutBefore(worst.get().places.element())) {
        break;
      }
      taken.add(worst.get().places.remove());
    }
    return taken;
  }

  private boolean isCutBefore(FleetPlace place) {
    return cutAt().filter(cut -> FleetPlace.compare(cut, place) < 0).isPresent();
  }

  private Map<IdentityKey, IdentityState> states(List<FleetPlace> places) {
    Map<IdentityKey, IdentityState> states = new HashMap<>();
    List<IdentityKey> unread = new ArrayList<>();
    for (FleetPlace place : places) {
      parts.stream()
          .flatMap(part -> Optional.ofNullable(part.whole.get(place)).stream())
          .findFirst()
          .ifPresentOrElse(state -> states.put(place.key(), state), () -> unread.add(place.key()));
    }
    identities.findAll(unread).forEach(state -> states.put(state.key(), state));
    return states;
  }

  /** What a Region has left. */
  private final class Part {
    private final RegionState region;
    private final Deque<FleetPlace> places = new ArrayDeque<>();

    /** The rows, where all of them had to be read. */
    private final NavigableMap<FleetPlace, IdentityState> whole =
        new TreeMap<>(FleetPlace::compare);

    private final int most;
    private String from;
    private boolean hasMore = true;
    private int lookedAt;

    /** The last place of those that were found last, when there may be more. */
    private @Nullable FleetPlace last;

    /** The last one that was looked at, where there were too many. */
    private @Nullable FleetPlace stoppedAt;

    Part(RegionState region, String from, int most) {
      this.region = region;
      this.from = from;
      this.most = most;
    }

    Part filled() {
      fill();
      return this;
    }

    private void fill() {
      // Who is silenced, no row says. And before its first run a Region's rows may be those of an
      // older version, which are not in the index.
      if (filter.isSilencedOnly() || region.reading().counts() == null) {
        fillFromAll();
      } else {
        int atLeast = Math.max(SPARE * wanted / parts.size(), FEWEST);
        IdentityStore.Places next =
            identities.places(region.region(), filter, from, atLeast, Math.max(1, most - lookedAt));
        places.addAll(next.list());
        lookedAt += next.lookedAt();
        stoppedAt = next.stoppedAt();
        hasMore = stoppedAt == null && places.size() >= atLeast;
        if (hasMore) {
          from = places.getLast().next();
          last = places.getLast();
        }
      }
    }

    private void fillFromAll() {
      hasMore = false;
      if (filter.isSilencedOnly() && silences.isEmpty()) {
        return;
      }
      try (var rows = identities.ofRegion(region.region())) {
        rows.filter(row -> filter.matches(FleetRow.of(row, silences)))
            .forEach(row -> FleetPlace.of(row).ifPresent(place -> keep(place, row)));
      }
      places.addAll(whole.keySet());
    }

    /** The worst that are wanted: a Region may have many more. */
    private void keep(FleetPlace place, IdentityState row) {
      if (FleetPlace.byUtf8(place.order(), from) >= 0) {
        whole.put(place, row);
        if (whole.size() > wanted) {
          whole.pollLastEntry();
        }
      }
    }

    boolean hasPlaces() {
      if (places.isEmpty() && hasMore) {
        if (last == null || lookedAt < most) {
          fill();
        } else {
          stoppedAt = last;
          hasMore = false;
        }
      }
      return !places.isEmpty();
    }
  }
}
