package mailfrom.app.pace;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import mailfrom.domain.name.IdentityName;
import org.jspecify.annotations.Nullable;

/** Slots that hand every call on: a test overrides the one that it watches or breaks. */
public class ForwardingSlotStore implements SlotStore {
  protected final SlotStore to;

  public ForwardingSlotStore(SlotStore to) {
    this.to = to;
  }

  @Override
  public Optional<Instant> reserve(
      String region, SesOperation operation, Instant now, Duration gap, Duration maxWait) {
    return to.reserve(region, operation, now, gap, maxWait);
  }

  @Override
  public void giveBack(String region, SesOperation operation, Instant slot, Duration gap) {
    to.giveBack(region, operation, slot, gap);
  }

  @Override
  public void slowDown(String region, SesOperation operation, Instant until) {
    to.slowDown(region, operation, until);
  }

  @Override
  public Instant free(String region, SesOperation operation) {
    return to.free(region, operation);
  }

  @Override
  public Reservation reserveTurn(
      String region,
      SesOperation operation,
      Instant now,
      Duration gap,
      Duration maxWait,
      String turn,
      @Nullable String full) {
    return to.reserveTurn(region, operation, now, gap, maxWait, turn, full);
  }

  @Override
  public String open(List<IdentityName> names) {
    return to.open(names);
  }

  @Override
  public boolean join(String turn, List<IdentityName> names) {
    return to.join(turn, names);
  }

  @Override
  public List<IdentityName> close(String turn) {
    return to.close(turn);
  }

  @Override
  public void answer(String turn, Record answer) {
    to.answer(turn, answer);
  }

  @Override
  public <T extends Record> Optional<T> answer(String turn, Class<T> type) {
    return to.answer(turn, type);
  }
}
