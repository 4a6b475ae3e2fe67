package mailfrom.app.settings;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import mailfrom.app.apply.SettingsApplier;
import mailfrom.app.pace.Deadline;
import mailfrom.app.pace.Tasks;
import mailfrom.app.read.Dns;
import mailfrom.app.read.DnsLook;
import mailfrom.app.read.SesReader;
import mailfrom.app.settings.SettingsApi.Outcome;
import mailfrom.app.store.Author;
import mailfrom.app.store.IdentityWriter;
import mailfrom.domain.desired.Desired;
import mailfrom.domain.desired.DesiredState;
import mailfrom.domain.desired.Plan;
import mailfrom.domain.desired.PlanAction;
import mailfrom.domain.desired.Problem;
import mailfrom.domain.desired.RuleCheck;
import mailfrom.domain.desired.ViolationCode;
import mailfrom.domain.desired.WarningCode;
import mailfrom.domain.dns.DnsDepth;
import mailfrom.domain.dns.DnsView;
import mailfrom.domain.identity.Caller;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.identity.Observation;
import mailfrom.domain.name.DomainName;
import mailfrom.domain.name.IdentityKey;
import org.jspecify.annotations.Nullable;

/** A PUT: what is wanted is held against what SES, the DNS and the table say, recorded, applied. */
record PutRequest(
    IdentityWriter rows,
    Reading reading,
    RuleChecking rules,
    Dns dns,
    Tasks tasks,
    Applying applying) {

  Outcome of(IdentityKey key, Asked asked) {
    IdentityState stored = rows.known(key);
    if (!ETags.match(asked.ifMatch(), stored.desired())) {
      return new Outcome.PreconditionFailed();
    }
    Deadline deadline = asked.deadline();
    DomainName domain = asked.desired().settings().mailFromDomain();
    AtomicReference<@Nullable DnsView> view = new AtomicReference<>();
    AtomicReference<RuleChecking.Around> around =
        new AtomicReference<>(RuleChecking.Around.NOTHING);
    SesReader.Read read;
    // The DNS and the table are asked while the slot for SES is waited for: it may come at the end
    // of the time.
    try (Tasks.Scope scope = tasks.open()) {
      Tasks.Lane aside = scope.lane(1);
      if (domain != null) {
        aside.run(
            () -> {
              view.set(DnsLook.whole(dns.until(deadline), key.name(), domain, DnsDepth.RULES));
              around.set(rules.around(key.region(), domain));
            });
      }
      read = reading.of(stored, asked.caller(), deadline);
      aside.join();
    }
    return switch (read) {
      case SesReader.Read.Unknown _ -> new Outcome.UnknownIdentity();
      // Nothing is known of it, and nothing is recorded: SES does not answer, or nothing is to be.
      case SesReader.Read.NotAnswered none
          when !stored.wasSeen() && (asked.dryRun() || !none.isOfLine()) ->
          reading.couldNotAsk(key);
      case SesReader.Read.NotAnswered none ->
          checked(stored, asked, new Known(null, none, view.get(), around.get()));
      case SesReader.Read.Seen(Observation seen) ->
          checked(stored, asked, new Known(seen, null, view.get(), around.get()));
    };
  }

  /** What a PUT asks for. */
  record Asked(
      Desired desired,
      @Nullable String ifMatch,
      boolean dryRun,
      Caller caller,
      Deadline deadline) {}

  /**
   * What is known when the rules are checked.
   *
   * @param seen what was just read; null when SES could not be asked
   * @param couldNotAsk why; null when it was read
   * @param view the DNS of the wanted domain; null when none is wanted
   */
  private record Known(
      @Nullable Observation seen,
      SesReader.Read.@Nullable NotAnswered couldNotAsk,
      @Nullable DnsView view,
      RuleChecking.Around around) {

    /** Whether its turn does not come in time: watch has it then. */
    boolean isForWatch() {
      return couldNotAsk != null && couldNotAsk.isOfLine();
    }
  }

  private Outcome checked(IdentityState stored, Asked asked, Known known) {
    Desired desired = asked.desired();
    RuleCheck check = rules.check(stored, known.seen(), desired, known.view(), known.around());
    boolean isForeign =
        check.violations().stream().anyMatch(broken -> broken.code() == ViolationCode.ALREADY_SET);
    if (isForeign && stored.desiredState() == null) {
      // What is live may be what another caller asked for while this one waited.
      IdentityState fresh = rows.known(stored.key());
      if (fresh.desiredState() != null) {
        return checked(fresh, asked, known);
      }
    }
    List<Problem> warnings = new ArrayList<>(check.warnings());
    if (known.couldNotAsk() != null) {
      warnings.add(
          Problem.of(
              WarningCode.COULD_NOT_ASK,
              "SES could not be asked just now (%s). Watch reads it and applies what is missing."
                  .formatted(known.couldNotAsk().why())));
    }
    if (!check.violations().isEmpty()) {
      return new Outcome.RulesBroken(check.violations(), warnings);
    }
    IdentityState planned = asking(stored, asked, known);
    boolean changes =
        !desired.equals(stored.desired())
            || SettingsApplier.version(planned) != SettingsApplier.version(stored)
            || applying.plan(planned, asked.caller().at()) instanceof Plan.Call;
    return asked.dryRun()
        ? applying.shown(planned, false, changes, warnings, asked.caller().at())
        : recorded(stored, asked, known, changes, warnings);
  }

  private IdentityState asking(IdentityState before, Asked asked, Known known) {
    return rules.asked(before, known.seen(), asked.desired(), known.view(), asked.caller());
  }

  private Outcome recorded(
      IdentityState stored, Asked asked, Known known, boolean changes, List<Problem> warnings) {
    Caller caller = asked.caller();
    return applying.recording(
        stored.key(),
        () -> record(stored, asked, known),
        changes,
        warnings,
        caller.at(),
        recorded -> applied(recorded, asked, known, changes, warnings));
  }

  /** Somebody else's newer settings stay as they are, and nothing is queued for this request. */
  private Optional<IdentityState> record(IdentityState stored, Asked asked, Known known) {
    Caller caller = asked.caller();
    try {
      return rows.store(
          stored,
          fresh -> {
            IdentityState state = fresh.ifNotGone();
            return ETags.match(asked.ifMatch(), state.desired())
                ? Optional.of(stored(asking(state, asked, known), known.isForWatch(), caller))
                : Optional.empty();
          },
          Author.of(caller.arn(), caller.at()));
    } catch (RuntimeException e) {
      // A write that was not answered may have taken effect.
      IdentityState row = rows.known(stored.key());
      if (row.rowVersion() > stored.rowVersion() && isAskedBy(row, caller)) {
        return Optional.of(row);
      }
      throw e;
    }
  }

  private static boolean isAskedBy(IdentityState row, Caller caller) {
    DesiredState desired = row.desiredState();
    return desired != null
        && desired.progress().by().equals(caller.arn())
        && desired.progress().at().equals(caller.at());
  }

  private Outcome applied(
      IdentityState recorded, Asked asked, Known known, boolean changes, List<Problem> warnings) {
    Caller caller = asked.caller();
    if (known.isForWatch()) {
      return applying.shown(recorded, true, changes, warnings, caller.at());
    }
    if (recorded.healingState().intent() != null) {
      // Its setup is being started again: watch has it now.
      return applying.promised(recorded, changes, warnings, caller);
    }
    return switch (applying.plan(recorded, caller.at())) {
      case Plan.Nothing nothing -> applying.shown(recorded, false, changes, warnings, caller.at());
      case Plan.Wait wait ->
          applying.shown(recorded, Applying.isPending(recorded), changes, warnings, caller.at());
      // Promoting is left to watch: it looks whether Success stood it, and takes it back.
      case Plan.Call call ->
          known.couldNotAsk() == null && call.action() != PlanAction.PROMOTE
              ? applying.call(recorded, call, warnings, caller, asked.deadline())
              : applying.promised(recorded, true, warnings, caller);
    };
  }

  /** As it is stored: for watch at once, or for it to take over when this request dies. */
  private IdentityWriter.Store stored(IdentityState asking, boolean isForWatch, Caller caller) {
    return isForWatch
        ? new IdentityWriter.Store(Applying.promised(asking), caller.at(), false)
        : new IdentityWriter.Store(
            // Whoever takes it over answers no caller: a refusal has to be told then.
            Applying.isPending(asking) ? Applying.promised(asking) : asking,
            applying.plan(asking, caller.at()) instanceof Plan.Call
                ? Applying.takenOverAt(caller)
                : null,
            false);
  }
}
