package mailfrom.app.settings;

import java.time.Instant;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import mailfrom.app.fleet.FleetRow;
import mailfrom.app.json.JsonWriter;
import mailfrom.app.settings.SettingsApi.IdentityView;
import mailfrom.app.store.RegionState;
import mailfrom.app.store.RegionStore;
import mailfrom.domain.desired.DesiredState;
import mailfrom.domain.desired.HealPolicy;
import mailfrom.domain.desired.Plan;
import mailfrom.domain.desired.Progress;
import mailfrom.domain.findings.RecordToDo;
import mailfrom.domain.findings.RecordType;
import mailfrom.domain.identity.Evaluation;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.identity.Silence;
import org.jspecify.annotations.Nullable;

/** Makes of a stored identity what callers see: with its plan, what is told of it, and why not. */
final class IdentityViews {
  private final RegionStore regions;
  private final HealPolicy policy;
  private final BooleanSupplier paused;

  /**
   * Makes one.
   *
   * @param paused whether nothing may be written to SES
   */
  IdentityViews(RegionStore regions, HealPolicy policy, BooleanSupplier paused) {
    this.regions = regions;
    this.policy = policy;
    this.paused = paused;
  }

  /** The silences that hold now, of those that are kept. */
  List<Silence> holding(Instant now) {
    return regions.silences().stream()
        .filter(silence -> silence.state(now) == Silence.State.ACTIVE)
        .toList();
  }

  /** What is stored around an identity: its Region, and the silences that hold. */
  record Around(RegionState region, List<Silence> holding) {}

  Around around(String region, Instant now) {
    return new Around(regions.find(region), holding(now));
  }

  /** One identity, with what is stored around it now. */
  IdentityView of(IdentityState state, Instant now) {
    return of(state, around(state.key().region(), now), now);
  }

  /** One identity, with what was stored around it: nothing is asked. */
  IdentityView of(IdentityState state, Around around, Instant now) {
    FleetRow row = FleetRow.of(state, around.holding());
    return of(state, around.region(), row.silencedBy(), now);
  }

  /**
   * One identity.
   *
   * @param region the row of its Region
   * @param silencedBy the silences that hold and mean it
   */
  IdentityView of(IdentityState state, RegionState region, List<Silence> silencedBy, Instant now) {
    Plan plan = state.plan(policy, region.promoting().stopped(), now);
    return new IdentityView(
        Evaluation.expected(state),
        state.sesView().lastRead(region.reading().lastCompleteAt()),
        plan,
        waitingFor(state, plan, region),
        silencedBy,
        Telling.of(state, region, silencedBy));
  }

  /** What its wanted settings wait for, as a sentence; null: for nothing. */
  private @Nullable String waitingFor(IdentityState state, Plan plan, RegionState region) {
    DesiredState asked = state.desiredState();
    if (asked == null) {
      return null;
    }
    if (state.healingState().intent() != null) {
      return "It waits until its set-up was started again: watch does that first, within a minute.";
    }
    if (asked.isPending() && asked.progress().state() == Progress.State.WAITING_FOR_VERIFICATION) {
      return "It waits until SES says that the identity is verified: tried again for 14 days.";
    }
    return switch (plan) {
      case Plan.Nothing _ -> null;
      case Plan.Wait wait ->
          switch (wait.action()) {
            case APPLY -> record(state);
            case PROMOTE -> wait.why().words();
            case RESTART ->
                wait.why() == Plan.Why.RESTARTED_ENOUGH
                    ? wait.why().words() + " PUT the same again to start it now."
                    : wait.why().words();
            case REPAIR ->
                "Somebody else changed the settings, and they are left as they are until the same is"
                    + " asked for again, by PUT or POST .../check.";
          };
      case Plan.Call call -> call(call, region);
    };
  }

  private String call(Plan.Call call, RegionState region) {
    if (paused.getAsBoolean()) {
      return "Nothing is set while the parameter Paused is true: it waits until that is false.";
    }
    if (call.heals() && region.held().isHeld()) {
      return ("The brake holds the repairs of this Region back: it waits for"
              + " POST /v1/held/%s/release.")
          .formatted(region.region());
    }
    return "It waits for its turn: SES takes one change a second, and watch makes those that wait"
        + (call.heals() ? " after a read, every 15 minutes." : " every minute.");
  }

  /** The MX record that has to be there first, as far as the DNS was asked for it. */
  private static String record(IdentityState state) {
    String name = state.nameToLookAt().map(Object::toString).orElse("its MAIL FROM domain");
    String toDo =
        state.dnsState().records().stream()
            .filter(record -> record.name().value().equals(name) && record.type() == RecordType.MX)
            .filter(record -> record.state() != RecordToDo.State.PRESENT)
            .map(
                record ->
                    "%s %d %s"
                        .formatted(
                            JsonWriter.word(record.state()), record.priority(), record.value()))
            .collect(Collectors.joining(", "));
    return toDo.isEmpty()
        ? "It waits until the DNS says that the MX record of %s is right.".formatted(name)
        : "It waits for the MX record of %s: %s.".formatted(name, toDo);
  }
}
