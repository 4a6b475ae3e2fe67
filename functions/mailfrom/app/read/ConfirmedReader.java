package mailfrom.app.read;

import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import mailfrom.app.pace.CallResult;
import mailfrom.app.pace.Deadline;
import mailfrom.app.pace.SesOperation;
import mailfrom.app.store.IdentityStore;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.name.IdentityName;
import org.jspecify.annotations.Nullable;

/**
 * Reading identities by name, where whom SES's answer lacks is proven to be unknown to SES, or
 * counts as not answered for. The canary that is stored may be deleted itself, or there may be none
 * yet: then SES's list names one that is there, or nobody.
 */
public record ConfirmedReader(Ses ses, SesReader reader, IdentityStore identities) {
  private static final SesReader.Read.NotAnswered NOBODY =
      SesReader.Read.NotAnswered.because("SES's answer has none of those that were asked for");

  /**
   * Reads identities of one Region. Whom a list to its end lacks is unknown to SES where it names
   * nobody, as long as nobody else is missing from it.
   *
   * @param canary an identity of the Region that SES is known to know; null: none is known
   * @param at the time of the event the read belongs to
   * @return of each of them; who is unknown is so by a proof
   */
  public Map<IdentityName, SesReader.Read> read(
      String region,
      Collection<IdentityState> states,
      @Nullable IdentityName canary,
      Instant at,
      Deadline deadline) {
    SesReader.Depth depth = SesReader.Depth.SETTINGS;
    Map<IdentityName, SesReader.Read> reads =
        new HashMap<>(reader.read(region, states, canary, depth, at, deadline));
    Set<IdentityName> nowhere = readBesideTheList(region, states, reads, depth, at, deadline);
    boolean isProof = !nowhere.isEmpty() && !lacksOthers(region, nowhere);
    reads.replaceAll(
        (name, read) ->
            isInDoubt(read)
                ? isProof && nowhere.contains(name) ? new SesReader.Read.Unknown(true) : NOBODY
                : read);
    return reads;
  }

  /** The same for one identity. */
  public SesReader.Read read(
      IdentityState state, @Nullable IdentityName canary, Instant at, Deadline deadline) {
    return read(state.key().region(), Set.of(state), canary, at, deadline)
        .getOrDefault(state.key().name(), NOBODY);
  }

  /**
   * Reads those again for whom SES's answer had nobody, beside one that the list names.
   *
   * @param reads what was read of them; here is what is read now
   * @return of them, whom a list to its end lacks that names nobody else: nothing proves more
   */
  public Set<IdentityName> readBesideTheList(
      String region,
      Collection<IdentityState> states,
      Map<IdentityName, SesReader.Read> reads,
      SesReader.Depth depth,
      Instant at,
      Deadline deadline) {
    Map<IdentityName, IdentityState> doubtful =
        states.stream()
            .filter(state -> isInDoubt(reads.get(state.key().name())))
            .collect(Collectors.toMap(state -> state.key().name(), Function.identity()));
    Set<IdentityName> nowhere = new HashSet<>(doubtful.keySet());
    @Nullable IdentityName canary = null;
    @Nullable String token = null;
    do {
      if (doubtful.isEmpty()) {
        return Set.of();
      }
      String page = token;
      switch (reader.ask(
          region, SesOperation.LIST_IDENTITIES, deadline, slot -> ses.list(slot, region, page))) {
        case CallResult.NotAnswered<Ses.Page> none -> {
          doubtful.keySet().forEach(name -> reads.put(name, SesReader.Read.NotAnswered.of(none)));
          return Set.of();
        }
        case CallResult.Answered<Ses.Page>(Ses.Page list) -> {
          list.names().forEach(nowhere::remove);
          canary =
              list.names().stream()
                  .filter(name -> !doubtful.containsKey(name))
                  .findFirst()
                  .orElse(null);
          token = list.nextToken();
        }
      }
    } while (canary == null && token != null);
    reads.putAll(reader.readBeside(canary, region, doubtful.values(), depth, at, deadline));
    if (canary == null) {
      nowhere.removeIf(name -> !isInDoubt(reads.get(name)));
      return nowhere;
    }
    reads.replaceAll((name, read) -> isInDoubt(read) ? NOBODY : read);
    return Set.of();
  }

  /** Whether a list with nobody in it lacks more than those: then it is a broken one. */
  public boolean lacksOthers(String region, Set<IdentityName> those) {
    try (Stream<IdentityState> all = identities.ofRegion(region)) {
      return all.filter(state -> state.wasSeen() && state.sesView().absences() == 0)
          .anyMatch(state -> !those.contains(state.key().name()));
    }
  }

  private static boolean isInDoubt(SesReader.@Nullable Read read) {
    return read instanceof SesReader.Read.Unknown(boolean isConfirmed) && !isConfirmed;
  }
}
