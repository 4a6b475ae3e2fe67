package mailfrom.app.batch;

import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import mailfrom.app.pace.Deadline;
import mailfrom.app.pace.EventTime;
import mailfrom.app.read.ConfirmedReader;
import mailfrom.app.read.Dns;
import mailfrom.app.read.DnsLook;
import mailfrom.app.read.Ses;
import mailfrom.app.read.SesReader;
import mailfrom.app.settings.RuleChecking;
import mailfrom.app.store.Author;
import mailfrom.app.store.ContextReader;
import mailfrom.app.store.IdentityWriter;
import mailfrom.domain.desired.Desired;
import mailfrom.domain.desired.DesiredState;
import mailfrom.domain.desired.Plan;
import mailfrom.domain.desired.Problem;
import mailfrom.domain.desired.RuleCheck;
import mailfrom.domain.dns.DnsDepth;
import mailfrom.domain.dns.DnsView;
import mailfrom.domain.identity.Caller;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.identity.Observation;
import mailfrom.domain.name.DomainName;
import mailfrom.domain.name.IdentityName;
import org.jspecify.annotations.Nullable;

/** The checking of a batch's items: each gets its verdict before anything is set. */
final class BatchCheck {
  private static final Duration WAIT_FOR_SLOT = Duration.ofSeconds(10);

  private final ContextReader contexts;
  private final ConfirmedReader reader;
  private final Dns dns;
  private final IdentityWriter rows;
  private final RuleChecking rules;
  private final Function<IdentityState, Plan> plan;
  private final SideBySide sideBySide;
  private final BooleanSupplier mayGoOn;
  private final EventTime time;
  private final Deadline stop;
  private final Set<String> couldNotAsk = new HashSet<>();

  BatchCheck(
      ContextReader contexts,
      ConfirmedReader reader,
      Dns dns,
      IdentityWriter rows,
      RuleChecking rules,
      Function<IdentityState, Plan> plan,
      SideBySide sideBySide,
      BooleanSupplier mayGoOn,
      EventTime time,
      Deadline stop) {
    this.contexts = contexts;
    this.reader = reader;
    this.dns = dns;
    this.rows = rows;
    this.rules = rules;
    this.plan = plan;
    this.sideBySide = sideBySide;
    this.mayGoOn = mayGoOn;
    this.time = time;
    this.stop = stop;
  }

  /** Checks what can be asked for now; false when somebody else wrote the batch meanwhile. */
  boolean check(BatchWork work) {
    if (work.head().state() != Batch.State.CHECKING) {
      return true;
    }
    couldNotAsk.clear();
    while (mayGoOn.getAsBoolean()) {
      List<BatchItem> some = nextUnchecked(work);
      if (some.isEmpty()) {
        break;
      }
      for (BatchItem item : checked(work.head(), some)) {
        work.put(item);
      }
      if (!work.save()) {
        return false;
      }
    }
    if (work.items(item -> item.state() == BatchItem.State.CHECKING && item.twinOf() == null)
        .isEmpty()) {
      work.change(head -> head.with(Batch.State.RUNNING, null));
      return work.twins();
    }
    return true;
  }

  /** Those that one read of SES takes: of one Region. */
  private List<BatchItem> nextUnchecked(BatchWork work) {
    Map<String, List<BatchItem>> ofRegion =
        work
            .items(
                item ->
                    item.state() == BatchItem.State.CHECKING
                        && item.twinOf() == null
                        && !couldNotAsk.contains(item.key().region()))
            .stream()
            .collect(
                Collectors.groupingBy(
                    item -> item.key().region(), LinkedHashMap::new, Collectors.toList()));
    return ofRegion.values().stream()
        .findFirst()
        .map(items -> items.subList(0, Math.min(items.size(), Ses.BATCH)))
        .orElse(List.of());
  }

  private List<BatchItem> checked(Batch head, List<BatchItem> items) {
    String region = items.getFirst().key().region();
    Map<Integer, IdentityState> stored = new ConcurrentHashMap<>();
    sideBySide.run(items, item -> stored.put(item.index(), rows.known(item.key())));
    Map<IdentityName, SesReader.Read> reads =
        reader.read(
            region, stored.values(), contexts.canary(region), time.now(), stop.orIn(WAIT_FOR_SLOT));
    Map<Integer, BatchItem> results = new ConcurrentHashMap<>();
    sideBySide.run(
        items,
        item -> {
          IdentityState state = stored.get(item.index());
          SesReader.Read read = reads.get(item.key().name());
          if (state != null && read != null) {
            results.put(item.index(), checked(head, item, state, read));
          }
        });
    List<BatchItem> checked = List.copyOf(results.values());
    if (checked.stream().anyMatch(item -> item.state() == BatchItem.State.CHECKING)) {
      // The next run asks again.
      couldNotAsk.add(region);
    }
    return checked;
  }

  private BatchItem checked(Batch head, BatchItem item, IdentityState stored, SesReader.Read read) {
    Desired desired = item.desired();
    return switch (read) {
      case SesReader.Read.Unknown _ -> unknown(item);
      case SesReader.Read.NotAnswered _ ->
          desired == null || !stored.wasSeen() ? item : checked(head, item, desired, stored, null);
      case SesReader.Read.Seen(Observation seen) ->
          desired == null
              ? adopted(head, item, stored, seen)
              : checked(head, item, desired, stored, seen);
    };
  }

  private static BatchItem unknown(BatchItem item) {
    return item.invalid(
        List.of(
            Problem.of(
                BatchItem.Invalid.UNKNOWN_IDENTITY,
                "SES has no such identity in this Region. Check its spelling and region, or create"
                    + " it in SES first.")));
  }

  private BatchItem checked(
      Batch head,
      BatchItem item,
      Desired desired,
      IdentityState stored,
      @Nullable Observation seen) {
    DomainName domain = desired.settings().mailFromDomain();
    DnsView view =
        domain == null ? null : DnsLook.whole(dns, stored.key().name(), domain, DnsDepth.RULES);
    RuleCheck check = rules.check(stored, seen, desired, view);
    if (!check.violations().isEmpty()) {
      return item.invalid(
          check.violations().stream()
              .map(broken -> Problem.of(broken.code(), broken.message()))
              .toList());
    }
    if (head.dryRun()) {
      return item.with(BatchItem.State.VALID, null);
    }
    UnaryOperator<IdentityState> asked =
        state -> rules.asked(state.ifNotGone(), seen, desired, view, caller(head));
    IdentityState planned = asked.apply(stored);
    DesiredState desiredState = planned.desiredState();
    boolean already =
        seen != null
            && desiredState != null
            && !desiredState.isPending()
            && !(plan.apply(planned) instanceof Plan.Call);
    if (!already) {
      return item.with(BatchItem.State.WAITING, null);
    }
    rows.change(stored, asked, Author.of(head.by(), time.now()));
    return item.with(BatchItem.State.UNCHANGED, null);
  }

  private BatchItem adopted(Batch head, BatchItem item, IdentityState stored, Observation seen) {
    if (head.dryRun()) {
      return item.with(BatchItem.State.VALID, null);
    }
    UnaryOperator<IdentityState> adopted =
        state -> rules.adopted(state.ifNotGone(), seen, item.labels(), caller(head));
    if (adopted.apply(stored).equals(stored)) {
      return item.with(BatchItem.State.UNCHANGED, null);
    }
    rows.change(stored, adopted, Author.of(head.by(), time.now()));
    return item.with(BatchItem.State.APPLIED, null);
  }

  /** Who asked for a batch, and when. */
  static Caller caller(Batch head) {
    return new Caller(head.by(), head.createdAt());
  }
}
