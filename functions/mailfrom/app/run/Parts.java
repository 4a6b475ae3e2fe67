package mailfrom.app.run;

import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import mailfrom.app.advice.Links;
import mailfrom.app.apply.Healer;
import mailfrom.app.apply.SettingsApplier;
import mailfrom.app.pace.Lease;
import mailfrom.app.pace.LeaseStore;
import mailfrom.app.pace.MachineClock;
import mailfrom.app.pace.Pace;
import mailfrom.app.pace.Tasks;
import mailfrom.app.read.ConfirmedReader;
import mailfrom.app.read.Dns;
import mailfrom.app.read.Ses;
import mailfrom.app.read.SesReader;
import mailfrom.app.settings.RuleChecking;
import mailfrom.app.store.ContextReader;
import mailfrom.app.store.IdentityStore;
import mailfrom.app.store.IdentityWriter;
import mailfrom.app.store.RegionStore;
import mailfrom.app.tell.Publisher;
import mailfrom.app.tell.Topics;
import mailfrom.app.text.AlertTexts;
import mailfrom.domain.desired.HealPolicy;

/**
 * What the runs of watch are wired from.
 *
 * @param account the account's twelve digits
 * @param watched the Regions that are watched
 * @param owner makes a name for the holder of a lease
 */
public record Parts(
    String account,
    List<String> watched,
    Ses ses,
    IdentityStore identities,
    RegionStore regions,
    Dns dns,
    Topics topics,
    LeaseStore leases,
    Pace pace,
    MachineClock clock,
    Tasks tasks,
    HealPolicy policy,
    Links links,
    Supplier<String> owner) {

  Lease lease(String name) {
    return new Lease(leases, clock, name, owner.get());
  }

  SesReader reader() {
    return new SesReader(ses, pace, clock);
  }

  ConfirmedReader confirmedReader() {
    return new ConfirmedReader(ses, reader(), identities);
  }

  ContextReader contexts() {
    return new ContextReader(identities, regions, watched);
  }

  RuleChecking rules() {
    return new RuleChecking(identities, regions, contexts());
  }

  /** Makes a publisher that marks by a writer what was delivered. */
  Publisher publisher(IdentityWriter rows) {
    return new Publisher(
        new AlertTexts(account, links, policy),
        topics,
        identities,
        rows,
        regions,
        tasks,
        clock,
        this::lease);
  }

  SettingsApplier applier(IdentityWriter rows, BooleanSupplier paused) {
    return new SettingsApplier(ses, pace, clock, reader(), contexts(), rows, paused);
  }

  Healer healer(IdentityWriter rows, BooleanSupplier paused) {
    return new Healer(applier(rows, paused), rows, paused);
  }
}
