package mailfrom.app.run;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import mailfrom.app.read.LoadedIdentities;
import mailfrom.app.read.RegionReader;
import mailfrom.app.read.SesReader;
import mailfrom.app.store.Author;
import mailfrom.app.store.IdentityWriter;
import mailfrom.app.store.RegionState;
import mailfrom.domain.desired.DesiredState;
import mailfrom.domain.identity.Evaluation;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.identity.Observation;
import mailfrom.domain.name.IdentityName;
import mailfrom.domain.ses.SesView;
import org.jspecify.annotations.Nullable;

/** Reads those by name whom a complete list lacks, and says what that proves. */
final class AbsentReader {
  private static final Duration KEPT_AFTER_DELETION = Duration.ofDays(30);

  private final Parts parts;
  private final LoadedIdentities stored;
  private final RegionState before;
  private final IdentityWriter rows;
  private final Instant now;

  /**
   * Makes one for a run.
   *
   * @param before the Region as the run found it
   * @param now the time of the run's event
   */
  AbsentReader(
      Parts parts, LoadedIdentities stored, RegionState before, IdentityWriter rows, Instant now) {
    this.parts = parts;
    this.stored = stored;
    this.before = before;
    this.rows = rows;
    this.now = now;
  }

  /** Asks for them beside one that SES answered for: only so an absence proves anything. */
  Unlisted read(RegionReader.Listing listing, RegionReader reading) {
    Set<IdentityName> listed = new HashSet<>(listing.names());
    List<IdentityState> absent =
        stored.all().stream()
            .filter(state -> state.wasSeen() && !state.isGone())
            .filter(state -> !listed.contains(state.key().name()))
            .toList();
    // Where nobody is left, nobody can prove an absence: a day of lists with nobody has to do, and
    // then an answer with nobody.
    RegionState.EmptyLists empty = before.reading().empty();
    boolean isEmptyForLong = listing.names().isEmpty() && empty != null && empty.areBelieved(now);
    @Nullable IdentityName canary =
        isEmptyForLong ? null : reading.canary().orElse(before.reading().canary());
    Map<IdentityName, SesReader.Read> reads = reading.readAbsent(absent, canary, now);
    List<IdentityState> unknown = new ArrayList<>();
    Map<IdentityState, Observation> seen = new HashMap<>();
    List<IdentityName> notRead = new ArrayList<>();
    for (IdentityState state : absent) {
      switch (reads.get(state.key().name())) {
        case SesReader.Read.Unknown(boolean isConfirmed) when isConfirmed || isEmptyForLong ->
            unknown.add(state);
        case SesReader.Read.Seen(Observation observation) -> seen.put(state, observation);
        case SesReader.Read.Unknown _ -> notRead.add(state.key().name());
        case SesReader.Read.NotAnswered _ -> notRead.add(state.key().name());
        case null -> notRead.add(state.key().name());
      }
    }
    return new Unlisted(unknown, seen, notRead);
  }

  /** Who is unknown to SES for the second time in a row was deleted. */
  IdentityState missed(IdentityState state) {
    return rows.change(
        state,
        fresh -> {
          if (fresh.isGone() || fresh.sesView().asOf().isAfter(now)) {
            // A delete event already recorded this deletion: keep what it stored.
            return fresh;
          }
          int absences = fresh.sesView().absences() + 1;
          IdentityState counted = fresh.withSesView(fresh.sesView().withAbsences(absences));
          return absences >= SesView.GONE_AFTER
              ? Evaluation.gone(counted, null, now, before.isBaselined())
              : counted;
        },
        Author.watch(now));
  }

  /** Those whose rows are kept no longer: deleted long ago, or never known to SES. */
  List<IdentityState> outdated(RegionReader.Listing listing) {
    Set<IdentityName> listed = new HashSet<>(listing.names());
    return stored.all().stream()
        .filter(state -> !listed.contains(state.key().name()))
        .filter(state -> state.isGone() ? isOver(state.sesView().asOf()) : isUnknownForLong(state))
        .filter(state -> state.incidentState().owed().isEmpty())
        .toList();
  }

  /** Asked for once, and SES never knew it. */
  private boolean isUnknownForLong(IdentityState state) {
    DesiredState desired = state.desiredState();
    return !state.wasSeen()
        && desired != null
        && desired.isRefused()
        && isOver(desired.progress().at());
  }

  private boolean isOver(Instant lastHeardOf) {
    return lastHeardOf.plus(KEPT_AFTER_DELETION).isBefore(now);
  }
}
