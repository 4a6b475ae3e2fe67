package mailfrom.app.read;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import mailfrom.app.pace.CallResult;
import mailfrom.app.pace.MachineClock;
import mailfrom.app.pace.Pace;
import mailfrom.app.pace.SesOperation;
import mailfrom.app.pace.Slot;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.identity.Observation;
import mailfrom.domain.name.IdentityName;
import mailfrom.domain.ses.Live;
import org.jspecify.annotations.Nullable;

/** Reading identities at SES, each call in its slot. */
public final class SesReader {
  private final Ses ses;
  private final Pace pace;
  private final MachineClock clock;

  public SesReader(Ses ses, Pace pace, MachineClock clock) {
    this.ses = ses;
    this.pace = pace;
    this.clock = clock;
  }

  /** What reading one identity gave. */
  public sealed interface Read {
    record Seen(Observation observation) implements Read {}

    /** SES does not know the identity. */
    record Unknown() implements Read {}

    record CouldNotAsk(String why) implements Read {}
  }

  /** Reads live settings, and verification while the identity is not known to be verified. */
  public Read one(IdentityState state, Instant at, Duration maxWait) {
    IdentityName name = state.key().name();
    return Objects.requireNonNull(
        many(state.key().region(), List.of(state), at, maxWait).get(name));
  }

  /**
   * Reads at most {@link Ses#BATCH} identities of a Region in one call, and in a second one the
   * verification of those that are not known to be verified.
   */
  public Map<IdentityName, Read> many(
      String region, List<IdentityState> states, Instant at, Duration maxWait) {
    List<IdentityName> names = states.stream().map(state -> state.key().name()).toList();
    Instant begunAt = clock.now();
    CallResult<Ses.MailFrom> mailFrom =
        ask(region, SesOperation.GET_MAIL_FROM, maxWait, () -> ses.mailFrom(region, names));
    return switch (mailFrom) {
      case CallResult.NotAnswered<Ses.MailFrom>(CallResult.Kind kind, String why) ->
          each(names, new Read.CouldNotAsk(why));
      case CallResult.Answered<Ses.MailFrom>(Ses.MailFrom answer) -> {
        List<IdentityName> unverified =
            states.stream()
                .filter(state -> !state.sesView().isVerified())
                .map(state -> state.key().name())
                .filter(answer.live()::containsKey)
                .toList();
        CallResult<Map<IdentityName, Boolean>> verified =
            unverified.isEmpty()
                ? new CallResult.Answered<>(Map.of())
                : ask(
                    region,
                    SesOperation.GET_VERIFICATION,
                    maxWait,
                    () -> ses.verified(region, unverified));
        Map<IdentityName, Read> reads = new HashMap<>();
        for (IdentityName name : names) {
          reads.put(name, read(name, answer, unverified.contains(name), verified, at, begunAt));
        }
        yield reads;
      }
    };
  }

  private static Map<IdentityName, Read> each(List<IdentityName> names, Read read) {
    Map<IdentityName, Read> reads = new HashMap<>();
    names.forEach(name -> reads.put(name, read));
    return reads;
  }

  private static Read read(
      IdentityName name,
      Ses.MailFrom mailFrom,
      boolean isUnverified,
      CallResult<Map<IdentityName, Boolean>> verified,
      Instant at,
      Instant begunAt) {
    Live live = mailFrom.live().get(name);
    if (live == null) {
      String word = mailFrom.unknownWords().get(name);
      return word == null ? new Read.Unknown() : new Read.CouldNotAsk("SES says: " + word);
    }
    if (!isUnverified) {
      return new Read.Seen(seen(at, begunAt, null, live));
    }
    return switch (verified) {
      case CallResult.NotAnswered<Map<IdentityName, Boolean>>(CallResult.Kind kind, String why) ->
          new Read.CouldNotAsk(why);
      case CallResult.Answered<Map<IdentityName, Boolean>>(Map<IdentityName, Boolean> answer) ->
          answer.containsKey(name)
              ? new Read.Seen(seen(at, begunAt, answer.get(name), live))
              : new Read.Unknown();
    };
  }

  private static Observation seen(
      Instant at, Instant begunAt, @Nullable Boolean verified, Live live) {
    return new Observation(at, begunAt, verified, live, null, null, null);
  }

  /** A call to SES. */
  public interface Call<T> {
    CallResult<T> make();
  }

  /**
   * Makes one call in its slot; one that was throttled or late takes another, while there is time.
   */
  public <T> CallResult<T> ask(
      String region, SesOperation operation, Duration maxWait, Call<T> call) {
    Instant last = clock.now().plus(maxWait);
    while (true) {
      Optional<Slot> slot = pace.take(region, operation, Duration.between(clock.now(), last));
      if (slot.isEmpty()) {
        return new CallResult.NotAnswered<>(CallResult.Kind.THROTTLED, "no slot was free in time");
      }
      CallResult<T> asked = slot.get().in(call::make);
      CallResult.@Nullable Kind failure =
          asked instanceof CallResult.NotAnswered<T>(CallResult.Kind kind, String why)
              ? kind
              : null;
      if (failure == CallResult.Kind.THROTTLED) {
        pace.throttled(region, operation);
      } else if (failure != CallResult.Kind.SLOT_MISSED) {
        return asked;
      }
    }
  }
}
