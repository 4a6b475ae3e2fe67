package mailfrom.app.read;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import mailfrom.app.pace.CallResult;
import mailfrom.app.pace.Deadline;
import mailfrom.app.pace.MachineClock;
import mailfrom.app.pace.Pace;
import mailfrom.app.pace.SesOperation;
import mailfrom.app.pace.Slot;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.identity.Observation;
import mailfrom.domain.name.IdentityName;
import mailfrom.domain.ses.Dkim;
import mailfrom.domain.ses.Live;
import org.jspecify.annotations.Nullable;

/**
 * Asking SES: each call in its slot, again when it was throttled, late or failed, until the
 * deadline. And reading identities by name, where it is decided once what a name means that an
 * answer lacks:
 *
 * <ul>
 *   <li>It was not answered for. That is never "no", and never a deletion.
 *   <li>Only when the same answer has a name that is known, SES does not know the missing one: so
 *       one that is known, the canary, is asked for beside those that are read.
 * </ul>
 */
public final class SesReader {
  static final int TRIES = 3;
  static final String NO_SLOT_IN_TIME = "no slot was free in time";
  private static final Read.NotAnswered NOT_SAID =
      Read.NotAnswered.because("SES did not say whether it is verified");

  private final Ses ses;
  private final Pace pace;
  private final SharedReads shared;

  public SesReader(Ses ses, Pace pace, MachineClock clock) {
    this.ses = ses;
    this.pace = pace;
    this.shared = new SharedReads(ses, pace, clock, this);
  }

  /** What reading one identity gave. */
  public sealed interface Read {
    record Seen(Observation observation) implements Read {}

    /**
     * SES's answer lacks the identity.
     *
     * @param isConfirmed whether SES is proven not to know it, by one that is known in the same
     *     answer or by the list: without that it is in doubt
     */
    record Unknown(boolean isConfirmed) implements Read {}

    /**
     * Nothing is known of it.
     *
     * @param isOfLine whether its turn at SES did not come in time: SES itself was not asked
     * @param why for warnings and logs
     */
    record NotAnswered(boolean isOfLine, String why) implements Read {

      /** SES's answer is none. */
      static NotAnswered because(String why) {
        return new NotAnswered(false, why);
      }

      static NotAnswered of(CallResult.NotAnswered<?> result) {
        return new NotAnswered(result.kind().isOfLine(), result.why());
      }
    }
  }

  /** How much of an identity is read beside its settings. */
  public enum Depth {
    /** Whether it is verified, while it is not known to be. */
    SETTINGS,
    /** And of one that is not Success: whether it is verified still, and whether DKIM signs. */
    TROUBLE
  }

  /**
   * Reads identities of one Region, {@link Ses#BATCH} a call.
   *
   * @param canary an identity of the Region that SES is known to know; null: none is known
   * @param at the time of the event the read belongs to
   * @return of each of them
   */
  public Map<IdentityName, Read> read(
      String region,
      Collection<IdentityState> states,
      @Nullable IdentityName canary,
      Depth depth,
      Instant at,
      Deadline deadline) {
    Map<IdentityName, Read> reads = new HashMap<>();
    for (List<IdentityState> some : cut(states, Ses.BATCH)) {
      reads.putAll(new Batch(region, some, null, canary, depth, at, deadline).read());
    }
    return reads;
  }

  /** The same, where the canary is in each call, whoever makes it. */
  Map<IdentityName, Read> readBeside(
      @Nullable IdentityName canary,
      String region,
      Collection<IdentityState> states,
      Depth depth,
      Instant at,
      Deadline deadline) {
    Map<IdentityName, Read> reads = new HashMap<>();
    for (List<IdentityState> some : cut(states, Ses.BATCH - 1)) {
      reads.putAll(new Batch(region, some, canary, null, depth, at, deadline).read());
    }
    return reads;
  }

  private static List<List<IdentityState>> cut(Collection<IdentityState> states, int step) {
    List<IdentityState> all = List.copyOf(states);
    List<List<IdentityState>> parts = new ArrayList<>();
    for (int from = 0; from < all.size(); from += step) {
      parts.add(all.subList(from, Math.min(from + step, all.size())));
    }
    return parts;
  }

  /** Reads one identity: its settings, and whether it is verified while it is not known to be. */
  public Read read(
      IdentityState state, @Nullable IdentityName canary, Instant at, Deadline deadline) {
    IdentityName name = state.key().name();
    return read(state.key().region(), List.of(state), canary, Depth.SETTINGS, at, deadline)
        .getOrDefault(name, Read.NotAnswered.because("it was not asked for"));
  }

  /**
   * One call for the settings of some identities, and those that follow from its answer. Who is to
   * be beside them is asked for as they are, also when others make the call; the canary only where
   * we make it and there is room.
   */
  private final class Batch {
    private final String region;
    private final List<IdentityState> states;
    private final @Nullable IdentityName beside;
    private final @Nullable IdentityName canary;
    private final Depth depth;
    private final Instant at;
    private final Deadline deadline;

    Batch(
        String region,
        List<IdentityState> states,
        @Nullable IdentityName beside,
        @Nullable IdentityName canary,
        Depth depth,
        Instant at,
        Deadline deadline) {
      this.region = region;
      this.states = states;
      this.beside = beside;
      this.canary = canary;
      this.depth = depth;
      this.at = at;
      this.deadline = deadline;
    }

    Map<IdentityName, Read> read() {
      List<IdentityName> names =
          Stream.concat(states.stream().map(state -> state.key().name()), Stream.ofNullable(beside))
              .toList();
      SharedReads.Told<Ses.MailFrom> told =
          shared.ask(region, SharedReads.MAIL_FROM, names, canary, deadline);
      return switch (told.result()) {
        case CallResult.NotAnswered<Ses.MailFrom> none -> each(state -> Read.NotAnswered.of(none));
        case CallResult.Answered<Ses.MailFrom>(Ses.MailFrom answer) -> {
          Facts<Boolean> verified =
              facts(
                  answer,
                  this::wantsVerification,
                  some -> shared.ask(region, SharedReads.VERIFIED, some, null, deadline).result());
          Facts<Dkim> dkim =
              facts(
                  answer,
                  this::wantsDkim,
                  some ->
                      ask(
                          region,
                          SesOperation.GET_DKIM,
                          deadline,
                          slot -> ses.dkim(slot, region, some)));
          yield each(state -> read(state, answer, told.begunAt(), verified, dkim));
        }
      };
    }

    private Map<IdentityName, Read> each(Function<IdentityState, Read> read) {
      Map<IdentityName, Read> reads = new HashMap<>();
      states.forEach(state -> reads.put(state.key().name(), read.apply(state)));
      return reads;
    }

    private boolean wantsVerification(IdentityState state, Live live) {
      return !state.sesView().isVerified() || wantsDkim(state, live);
    }

    private boolean wantsDkim(IdentityState state, Live live) {
      return switch (depth) {
        case SETTINGS -> false;
        case TROUBLE -> !live.isSuccess();
      };
    }

    private <T> Facts<T> facts(Ses.MailFrom answer, Wanted wanted, OfNames<T> call) {
      List<IdentityName> names = new ArrayList<>();
      for (IdentityState state : states) {
        Live live = answer.live().get(state.key().name());
        if (live != null && wanted.of(state, live)) {
          names.add(state.key().name());
        }
      }
      if (names.isEmpty()) {
        return new Facts<>(Map.of(), NOT_SAID);
      }
      return switch (call.ask(names)) {
        case CallResult.Answered<Map<IdentityName, T>>(Map<IdentityName, T> found) ->
            new Facts<>(found, NOT_SAID);
        case CallResult.NotAnswered<Map<IdentityName, T>> none ->
            new Facts<>(Map.of(), Read.NotAnswered.of(none));
      };
    }

    private Read read(
        IdentityState state,
        Ses.MailFrom answer,
        Instant begunAt,
        Facts<Boolean> verified,
        Facts<Dkim> dkim) {
      IdentityName name = state.key().name();
      Live live = answer.live().get(name);
      if (live == null) {
        String words = answer.unknownWords().get(name);
        return words != null
            ? Read.NotAnswered.because("SES says: " + words)
            : new Read.Unknown(answer.hasAnsweredAny());
      }
      Boolean isVerified = verified.found().get(name);
      return isVerified == null && !state.wasSeen()
          ? verified.others()
          : new Read.Seen(
              new Observation(at, begunAt, isVerified, live, dkim.found().get(name), null, null));
    }
  }

  private interface Wanted {
    boolean of(IdentityState state, Live live);
  }

  /**
   * What is known of some identities.
   *
   * @param others why the others are not in it
   */
  private record Facts<T>(Map<IdentityName, T> found, Read.NotAnswered others) {}

  private interface OfNames<T> {
    CallResult<Map<IdentityName, T>> ask(List<IdentityName> names);
  }

  /** A call to SES in its slot. */
  public interface Call<T> {
    CallResult<T> in(Slot slot);
  }

  /** Asks, three times at most when the call fails, and until the deadline when it must wait. */
  public <T> CallResult<T> ask(
      String region, SesOperation operation, Deadline deadline, Call<T> call) {
    return ask(region, operation, deadline, TRIES, call);
  }

  /**
   * The same.
   *
   * @param tries how often the call may fail
   */
  public <T> CallResult<T> ask(
      String region, SesOperation operation, Deadline deadline, int tries, Call<T> call) {
    return ask(region, operation, deadline, tries, null, call);
  }

  /**
   * The same.
   *
   * @param first the slot of the first call; null: one is taken
   */
  <T> CallResult<T> ask(
      String region,
      SesOperation operation,
      Deadline deadline,
      int tries,
      @Nullable Slot first,
      Call<T> call) {
    CallResult<T> last = new CallResult.NotAnswered<>(CallResult.Kind.NO_SLOT, NO_SLOT_IN_TIME);
    @Nullable Slot given = first;
    int failures = 0;
    while (failures < tries) {
      Slot slot = given == null ? pace.take(region, operation, deadline).orElse(null) : given;
      if (slot == null) {
        return last;
      }
      last = call.in(slot);
      if (!last.isOf(CallResult.Kind.SLOT_MISSED)) {
        pace.ended(region, operation, slot);
      }
      switch (last) {
        case CallResult.Answered<T> answered -> {
          return answered;
        }
        case CallResult.NotAnswered<T>(CallResult.Kind kind, String why) -> {
          switch (kind) {
            case THROTTLED -> pace.throttled(region, operation);
            // The call never left, since its slot was over: another one, and no failure. A first
            // call loads classes meanwhile, and the next one is not late for that.
            case SLOT_MISSED -> pace.missed(region, operation, slot);
            case FAILED -> failures++;
            case NO_SLOT, REGION_NOT_ENABLED, REGION_DENIED, REGION_WITHOUT_SES -> {
              return last;
            }
          }
        }
      }
      given = null;
    }
    return last;
  }
}
