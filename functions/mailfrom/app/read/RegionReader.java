package mailfrom.app.read;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import mailfrom.app.pace.Deadline;
import mailfrom.app.pace.Lease;
import mailfrom.app.pace.MachineClock;
import mailfrom.app.pace.SesOperation;
import mailfrom.app.pace.Tasks;
import mailfrom.domain.dns.DnsView;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.identity.Observation;
import mailfrom.domain.name.IdentityName;
import mailfrom.domain.ses.Dkim;
import mailfrom.domain.ses.Live;
import org.jspecify.annotations.Nullable;

/**
 * Listing and reading a Region in one run. Each operation of SES goes at its own pace beside the
 * others, and who is read is handed on while the rest still is.
 */
public final class RegionReader {
  private static final int LOOKS_AT_ONCE = 32;
  private static final Duration FORWARDING_EVERY = Duration.ofHours(1);

  /** It changes seldom, and costs as much as the rest of a look. */
  private static final Duration DMARC_EVERY = Duration.ofHours(6);

  private final Sources sources;
  private final RegionCalls calls;
  private final String region;
  private final LoadedIdentities rows;
  private final Lease lease;
  private final Deadline stop;
  private final Tasks.Lane mailFromLane;

  /** Working off what was answered; the next call does not wait for it. */
  private final Tasks.Lane answersLane;

  private final Tasks.Lane verificationLane;
  private final Tasks.Lane dkimLane;
  private final Tasks.Lane forwardingLane;
  private final Tasks.Lane receiptLane;
  private final Tasks.Lane dnsLane;
  private final Batcher settings = new Batcher(this::ask);
  private final Batcher signing;
  private final Batcher forwardingOf = new Batcher(this::readForwarding);
  private final ForwardingDue forwardingDue;
  private final Rotation dmarcs;
  private final Receiver receiver;
  private final PendingAnswers pending;
  private final Map<IdentityName, Sighting> live = new ConcurrentHashMap<>();
  private final Map<IdentityName, Boolean> verified = new ConcurrentHashMap<>();
  private final Map<IdentityName, Dkim> dkim = new ConcurrentHashMap<>();
  private final Map<IdentityName, Boolean> forwarding = new ConcurrentHashMap<>();
  private final Map<IdentityName, DnsView> views = new ConcurrentHashMap<>();
  private final Set<IdentityName> leftForLater = ConcurrentHashMap.newKeySet();

  /** Whose MAIL FROM domain was not known before this run: other Regions may use it too. */
  private final Set<IdentityName> newlyNamed = ConcurrentHashMap.newKeySet();

  private record Sighting(Live live, Instant begunAt) {}

  /** What all Regions of a run are read with. */
  public record Sources(
      Ses ses,
      SesReader reader,
      MachineClock clock,
      CachingDns dns,
      NamesInUse names,
      boolean severalRegions) {}

  /**
   * Makes one for a run.
   *
   * @param last the time of the run before; null: there was none
   * @param now the time of the run's event
   * @param stop when to ask nothing more
   * @param tasks the run's own
   * @param receiver takes what was read while the rest still is
   */
  public RegionReader(
      Sources sources,
      String region,
      LoadedIdentities rows,
      Lease lease,
      @Nullable Instant last,
      Instant now,
      Deadline stop,
      Tasks.Scope tasks,
      Receiver receiver) {
    this.sources = sources;
    this.calls = new RegionCalls(sources.reader(), sources.clock(), region, lease, stop);
    this.region = region;
    this.rows = rows;
    this.lease = lease;
    this.stop = stop;
    this.mailFromLane = tasks.promptLane(1);
    this.answersLane = tasks.lane(1);
    this.verificationLane = tasks.promptLane(1);
    this.dkimLane = tasks.promptLane(1);
    this.forwardingLane = tasks.promptLane(1);
    this.receiptLane = tasks.promptLane(1);
    this.dnsLane = tasks.lane(LOOKS_AT_ONCE);
    this.forwardingDue = new ForwardingDue(last == null, new Rotation(FORWARDING_EVERY, last, now));
    this.dmarcs = new Rotation(DMARC_EVERY, last, now);
    this.signing = new Batcher(batch -> dkimLane.run(() -> readDkim(batch)));
    this.receiver = receiver;
    this.pending = new PendingAnswers(name -> seen(name).ifPresent(receiver::seen));
  }

  /** Takes what was read, in the thread that read it. */
  public interface Receiver {
    /** An identity, once all about it has come or will not come. */
    void seen(Seen seen);

    /** Recipients of the enabled receipt rules, when they could be asked for. */
    void receiptRecipients(List<String> recipients);
  }

  /**
   * What was read of an identity.
   *
   * @param verified null: SES did not say in this run
   * @param view the DNS of the domain that matters; null when there is none
   * @param isNewlyNamed whether its MAIL FROM domain was not known before this run: other Regions
   *     may use it too
   */
  public record Seen(
      IdentityName name,
      Live live,
      Instant begunAt,
      @Nullable Boolean verified,
      @Nullable Dkim dkim,
      @Nullable Boolean forwarding,
      @Nullable DnsView view,
      boolean isNewlyNamed) {

    /** As an observation in an event's time. */
    public Observation at(Instant now) {
      return new Observation(now, begunAt, verified, live, dkim, forwarding, view);
    }
  }

  /**
   * The names of a Region in the order in which they were read.
   *
   * @param complete whether they were listed to the last page
   * @param cannotWatch texts in the list that are no identity's name
   */
  public record Listing(List<IdentityName> names, boolean complete, Set<String> cannotWatch) {}

  /**
   * Lists and reads.
   *
   * @param readFirst who comes first; null: the first of the list
   */
  public Listing readAll(@Nullable IdentityName readFirst) {
    Listing listing =
        new IdentityLister(sources.ses(), calls, region, rows, settings::add).list(readFirst);
    settings.flush();
    // What nobody waits for comes once the first calls have left.
    receiptLane.run(this::readReceiptRecipients);
    forwardingLane.run(this::askForwarding);
    mailFromLane.join();
    answersLane.join();
    signing.flush();
    verificationLane.join();
    dkimLane.join();
    forwardingLane.join();
    dnsLane.join();
    receiptLane.join();
    return listing;
  }

  /**
   * Reads those by name that a complete list lacks, beside one that SES answered for in this run:
   * only so an absence proves anything.
   */
  public Map<IdentityName, SesReader.Read> readAbsent(
      Collection<IdentityState> absent, @Nullable IdentityName canary, Instant at) {
    Map<IdentityName, SesReader.Read> reads = new HashMap<>();
    List<IdentityState> all = List.copyOf(absent);
    // One place of each call is the canary's.
    int step = Ses.BATCH - 1;
    for (int from = 0; from < all.size() && lease.keep(); from += step) {
      List<IdentityState> some = all.subList(from, Math.min(from + step, all.size()));
      reads.putAll(sources.reader().read(region, some, canary, SesReader.Depth.TROUBLE, at, stop));
    }
    return reads;
  }

  private Optional<Seen> seen(IdentityName name) {
    Sighting seen = live.get(name);
    return seen == null || !wasRead(name)
        ? Optional.empty()
        : Optional.of(
            new Seen(
                name,
                seen.live(),
                seen.begunAt(),
                verified.get(name),
                dkim.get(name),
                forwarding.get(name),
                views.remove(name),
                newlyNamed.contains(name)));
  }

  /**
   * How grave it is nobody knows whose DKIM was not asked for. Where that is because another run
   * has the Region now, that one tells it, once.
   */
  private boolean isLeftToAnother(IdentityName name, Live seen) {
    return calls.isLost() && !seen.isSuccess() && !dkim.containsKey(name);
  }

  // --- what it gave ---

  public boolean wasRead(IdentityName name) {
    Sighting seen = live.get(name);
    return seen != null
        && !isLeftToAnother(name, seen.live())
        && (verified.containsKey(name) || rows.known(name).wasSeen());
  }

  public Optional<Live> live(IdentityName name) {
    return Optional.ofNullable(live.get(name)).map(Sighting::live);
  }

  /** One that SES answered for: who is missing beside it is unknown to SES. */
  public Optional<IdentityName> canary() {
    return live.keySet().stream().min(IdentityName::compareTo);
  }

  /** As SES said in this run, or else as is known. */
  public boolean isVerified(IdentityName name) {
    Boolean now = verified.get(name);
    return now != null
        ? now
        : rows.find(name).map(state -> state.sesView().isVerified()).orElse(false);
  }

  /** Whether it was not read because the time was up: the next run begins with the first such. */
  public boolean wasLeft(IdentityName name) {
    return leftForLater.contains(name);
  }

  /** Why nobody can be asked in this Region; empty when somebody can. */
  public Optional<RegionCalls.Unreachable> unreachable() {
    return calls.unreachable();
  }

  /** Whether SES answered for none of a whole batch. */
  public boolean batchWithoutAnswer() {
    return calls.hadBatchWithoutAnswer();
  }

  // --- reading ---

  private void ask(List<IdentityName> batch) {
    // Its settings, whether it is verified, and whether feedback is forwarded.
    batch.forEach(name -> pending.await(name, 3));
    mailFromLane.run(() -> readMailFrom(batch));
    verificationLane.run(() -> readVerification(batch));
    forwardingLane.run(() -> batch.stream().filter(forwardingDue::take).forEach(forwardingOf::add));
  }

  private void askForwarding() {
    forwardingDue
        .others()
        .forEach((isDue, names) -> names.forEach(isDue ? forwardingOf::add : pending::came));
    forwardingOf.flush();
  }

  private void readMailFrom(List<IdentityName> batch) {
    Begun begun = new Begun();
    Optional<Ses.MailFrom> answer =
        calls.asked(
            SesOperation.GET_MAIL_FROM,
            slot -> {
              begun.at = sources.clock().now();
              return calls.someAnswered(
                  sources.ses().mailFrom(slot, region, batch),
                  found -> batch.stream().anyMatch(found::hasAnswered));
            });
    if (answer.isEmpty()) {
      leave(batch);
    }
    rows.begin();
    answersLane.run(() -> workOff(batch, answer, begun.at));
  }

  /** When the call that was answered began. */
  private final class Begun {
    private Instant at = sources.clock().now();
  }

  private void workOff(List<IdentityName> batch, Optional<Ses.MailFrom> answer, Instant begunAt) {
    for (IdentityName name : batch) {
      Live seen = answer.map(found -> found.live().get(name)).orElse(null);
      if (seen != null) {
        live.put(name, new Sighting(seen, begunAt));
        askMore(name, seen);
      }
      pending.came(name);
    }
  }

  /** Who was not read because the time was up is the first to be read in the next run. */
  private void leave(Collection<IdentityName> batch) {
    if (stop.isOver()) {
      leftForLater.addAll(batch);
    }
  }

  /** Asks what matters only for an identity that is not well, and the DNS. */
  private void askMore(IdentityName name, Live seen) {
    IdentityState state = rows.known(name);
    if (!seen.isSuccess()) {
      pending.await(name, 1);
      signing.add(name);
    }
    DnsLook.nameToLookAt(state, seen)
        .ifPresent(
            domain -> {
              if (sources.names().add(domain, region) && sources.severalRegions()) {
                newlyNamed.add(name);
              }
              pending.await(name, 1);
              dnsLane.run(
                  () -> {
                    boolean withDmarc = dmarcs.isTurnOf(name.value());
                    views.put(name, DnsLook.look(sources.dns(), state, seen, domain, withDmarc));
                    pending.came(name);
                  });
            });
  }

  private void readVerification(List<IdentityName> batch) {
    Optional<Map<IdentityName, Boolean>> answer =
        calls.asked(
            SesOperation.GET_VERIFICATION,
            slot ->
                calls.someAnswered(
                    sources.ses().verified(slot, region, batch), found -> !found.isEmpty()));
    answer.ifPresentOrElse(
        verified::putAll,
        () -> leave(batch.stream().filter(name -> !rows.known(name).wasSeen()).toList()));
    batch.forEach(pending::came);
  }

  private void readDkim(List<IdentityName> batch) {
    calls
        .asked(SesOperation.GET_DKIM, slot -> sources.ses().dkim(slot, region, batch))
        .ifPresent(dkim::putAll);
    batch.forEach(pending::came);
  }

  private void readForwarding(List<IdentityName> batch) {
    calls
        .asked(SesOperation.GET_NOTIFICATION, slot -> sources.ses().forwarding(slot, region, batch))
        .ifPresent(forwarding::putAll);
    batch.forEach(pending::came);
  }

  private void readReceiptRecipients() {
    // Receiving exists only in some Regions: one try, and no answer is no news.
    calls
        .askedOnce(
            SesOperation.DESCRIBE_RECEIPT_RULES,
            slot -> sources.ses().receiptRecipients(slot, region))
        .ifPresent(receiver::receiptRecipients);
  }
}
