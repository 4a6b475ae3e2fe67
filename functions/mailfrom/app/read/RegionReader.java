package mailfrom.app.read;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import mailfrom.app.pace.CallResult;
import mailfrom.app.pace.Lanes;
import mailfrom.app.pace.Lease;
import mailfrom.app.pace.SesOperation;
import mailfrom.app.pace.Slot;
import mailfrom.app.run.ReadRun;
import mailfrom.domain.dns.DnsView;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.identity.Observation;
import mailfrom.domain.name.IdentityName;
import mailfrom.domain.ses.Live;
import org.jspecify.annotations.Nullable;

/**
 * Listing and reading a Region in one run. Each operation of SES goes at its own pace beside the
 * others, and who is read is handed on while the rest still is.
 */
public final class RegionReader {
  private static final Duration WAIT_FOR_SLOT = Duration.ofSeconds(10);
  private static final int TRIES = 3;
  private static final int LOOKS_AT_ONCE = 32;

  private final ReadRun.Parts parts;
  private final String region;
  private final LoadedIdentities rows;
  private final NamesInUse names;
  private final CachingDns dns;
  private final Lease lease;
  private final Instant stopAt;
  private final Lanes.Lane mailFromLane;

  /** Working off what was answered; the next call does not wait for it. */
  private final Lanes.Lane answersLane;

  private final Lanes.Lane verificationLane;
  private final Lanes.Lane dkimLane;
  private final Lanes.Lane forwardingLane;
  private final Lanes.Lane receiptLane;
  private final Lanes.Lane dnsLane;
  private final Batcher settings = new Batcher(this::ask);
  private final Batcher verification;
  private final Batcher signing;
  private final PendingAnswers gathering;

  private final Map<IdentityName, Sighting> live = new ConcurrentHashMap<>();
  private final Map<IdentityName, Boolean> verified = new ConcurrentHashMap<>();
  private final Map<IdentityName, Boolean> dkim = new ConcurrentHashMap<>();
  private final Map<IdentityName, Boolean> forwarding = new ConcurrentHashMap<>();
  private final Map<IdentityName, DnsView> views = new ConcurrentHashMap<>();
  private final Set<IdentityName> deleted = ConcurrentHashMap.newKeySet();
  private final Set<IdentityName> leftForLater = ConcurrentHashMap.newKeySet();

  /** Whose MAIL FROM domain was not known before this run: other Regions may use it too. */
  private final Set<IdentityName> newlyNamed = ConcurrentHashMap.newKeySet();

  private volatile @Nullable List<String> recipients;
  private volatile boolean notEnabled;

  private record Sighting(Live live, Instant begunAt) {}

  /**
   * Makes one for a run.
   *
   * @param stopAt when to ask nothing more, by the machine's clock
   * @param ready takes each identity that was read, once all about it has come or will not come
   */
  public RegionReader(
      ReadRun.Parts parts,
      String region,
      LoadedIdentities rows,
      NamesInUse names,
      CachingDns dns,
      Lease lease,
      Instant stopAt,
      Consumer<Seen> ready) {
    this.parts = parts;
    this.region = region;
    this.rows = rows;
    this.names = names;
    this.dns = dns;
    this.lease = lease;
    this.stopAt = stopAt;
    this.mailFromLane = parts.lanes().lane(1);
    this.answersLane = parts.lanes().lane(1);
    this.verificationLane = parts.lanes().lane(1);
    this.dkimLane = parts.lanes().lane(1);
    this.forwardingLane = parts.lanes().lane(1);
    this.receiptLane = parts.lanes().lane(1);
    this.dnsLane = parts.lanes().lane(LOOKS_AT_ONCE);
    this.verification = new Batcher(batch -> verificationLane.run(() -> readVerification(batch)));
    this.signing = new Batcher(batch -> dkimLane.run(() -> readDkim(batch)));
    this.gathering = new PendingAnswers(name -> seen(name).ifPresent(ready));
  }

  /**
   * What was read of an identity.
   *
   * @param view the DNS of the domain that matters; null when there is none
   * @param isNewlyNamed whether its MAIL FROM domain was not known before this run: other Regions
   *     may use it too
   */
  public record Seen(
      IdentityName name,
      Live live,
      Instant begunAt,
      @Nullable Boolean verified,
      @Nullable Boolean dkimSigns,
      @Nullable Boolean forwarding,
      @Nullable DnsView view,
      boolean isNewlyNamed) {

    /** As an observation in an event's time. */
    public Observation at(Instant now) {
      return new Observation(now, begunAt, verified, live, dkimSigns, forwarding, view);
    }
  }

  /**
   * The names of a Region in the order in which they were read.
   *
   * @param complete whether they were listed to the last page
   */
  public record Listing(List<IdentityName> names, boolean complete) {}

  /**
   * Lists and reads.
   *
   * @param readFirst who comes first; null: the first of the list
   */
  public Listing readAll(@Nullable IdentityName readFirst) {
    receiptLane.run(this::readReceiptRecipients);
    Listing listing = list(readFirst);
    settings.flush();
    mailFromLane.join();
    answersLane.join();
    verification.flush();
    signing.flush();
    verificationLane.join();
    dkimLane.join();
    forwardingLane.join();
    dnsLane.join();
    receiptLane.join();
    return listing;
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

  // --- what it gave ---

  public boolean wasRead(IdentityName name) {
    return live.containsKey(name) && (verified.containsKey(name) || rows.known(name).wasSeen());
  }

  public Optional<Live> live(IdentityName name) {
    return Optional.ofNullable(live.get(name)).map(Sighting::live);
  }

  /** As SES said in this run, or else as is known. */
  public boolean isVerified(IdentityName name) {
    Boolean now = verified.get(name);
    return now != null
        ? now
        : rows.find(name).map(state -> state.sesView().isVerified()).orElse(false);
  }

  /** Listed, and not known to SES a moment later. */
  public int deleted() {
    return deleted.size();
  }

  /** Whether it was not read because the time was up: the next run begins with the first such. */
  public boolean wasLeft(IdentityName name) {
    return leftForLater.contains(name);
  }

  public boolean notEnabled() {
    return notEnabled;
  }

  /** Recipients of the enabled receipt rules; nothing when they could not be asked for. */
  public Optional<List<String>> receiptRecipients() {
    return Optional.ofNullable(recipients);
  }

  // --- reading ---

  /**
   * Lists the identities and hands them on as they come. What the last run could not read comes
   * first. When SES cannot list them, those that are stored are read.
   */
  private Listing list(@Nullable IdentityName readFirst) {
    Set<IdentityName> listed = new HashSet<>();
    List<IdentityName> inOrder = new ArrayList<>();
    List<IdentityName> wereRead = new ArrayList<>();
    boolean isTheirTurn = readFirst == null;
    boolean complete;
    String token = null;
    do {
      String page = token;
      Optional<Ses.Page> answer =
          asked(SesOperation.LIST_IDENTITIES, () -> parts.ses().list(region, page), TRIES);
      complete = answer.isPresent();
      for (IdentityName name : answer.map(Ses.Page::names).orElseGet(this::storedNames)) {
        isTheirTurn |= name.equals(readFirst);
        if (listed.add(name)) {
          (isTheirTurn ? inOrder : wereRead).add(name);
          if (isTheirTurn) {
            settings.add(name);
          }
        }
      }
      token = answer.map(Ses.Page::nextToken).orElse(null);
    } while (token != null);
    wereRead.forEach(settings::add);
    inOrder.addAll(wereRead);
    return new Listing(inOrder, complete);
  }

  private List<IdentityName> storedNames() {
    return rows.all().stream()
        .filter(state -> !state.isGone())
        .map(state -> state.key().name())
        .sorted()
        .toList();
  }

  private void ask(List<IdentityName> batch) {
    for (IdentityName name : batch) {
      // Its settings, and whether feedback is forwarded.
      gathering.await(name);
      gathering.await(name);
    }
    mailFromLane.run(() -> readMailFrom(batch));
    forwardingLane.run(() -> readForwarding(batch));
  }

  private void readMailFrom(List<IdentityName> batch) {
    Instant[] begun = {parts.clock().now()};
    Optional<Ses.MailFrom> answer =
        asked(
            SesOperation.GET_MAIL_FROM,
            () -> {
              begun[0] = parts.clock().now();
              return parts.ses().mailFrom(region, batch);
            },
            TRIES);
    if (answer.isEmpty()) {
      leave(batch);
    }
    answersLane.run(() -> workOff(batch, answer, begun[0]));
  }

  private void workOff(List<IdentityName> batch, Optional<Ses.MailFrom> answer, Instant begunAt) {
    for (IdentityName name : batch) {
      Live seen = answer.map(found -> found.live().get(name)).orElse(null);
      if (seen != null) {
        live.put(name, new Sighting(seen, begunAt));
        askMore(name, seen);
      } else if (answer.isPresent() && !answer.get().unknownWords().containsKey(name)) {
        deleted.add(name);
      }
      gathering.came(name);
    }
  }

  /** Who was not read because the time was up is the first to be read in the next run. */
  private void leave(Collection<IdentityName> batch) {
    if (!parts.clock().now().isBefore(stopAt)) {
      leftForLater.addAll(batch);
    }
  }

  /** Asks what matters only for an identity that is new, or not well. */
  private void askMore(IdentityName name, Live seen) {
    IdentityState state = rows.known(name);
    if (!state.sesView().isVerified() || !seen.isSuccess()) {
      gathering.await(name);
      verification.add(name);
    }
    if (!seen.isSuccess()) {
      gathering.await(name);
      signing.add(name);
    }
    DnsLook.nameToLookAt(state, seen)
        .ifPresent(
            domain -> {
              if (names.add(domain, region) && parts.regions().size() > 1) {
                newlyNamed.add(name);
              }
              gathering.await(name);
              dnsLane.run(
                  () -> {
                    views.put(name, DnsLook.look(dns, state, seen, domain));
                    gathering.came(name);
                  });
            });
  }

  private void readVerification(List<IdentityName> batch) {
    asked(SesOperation.GET_VERIFICATION, () -> parts.ses().verified(region, batch), TRIES)
        .ifPresentOrElse(
            // SES leaves out what it does not know.
            answer -> batch.forEach(name -> verified.put(name, answer.getOrDefault(name, false))),
            () -> leave(batch.stream().filter(name -> !rows.known(name).wasSeen()).toList()));
    batch.forEach(gathering::came);
  }

  private void readDkim(List<IdentityName> batch) {
    asked(SesOperation.GET_DKIM, () -> parts.ses().dkimSigns(region, batch), TRIES)
        .ifPresent(dkim::putAll);
    batch.forEach(gathering::came);
  }

  private void readForwarding(List<IdentityName> batch) {
    asked(SesOperation.GET_NOTIFICATION, () -> parts.ses().forwarding(region, batch), TRIES)
        .ifPresent(forwarding::putAll);
    batch.forEach(gathering::came);
  }

  private void readReceiptRecipients() {
    // Receiving exists only in some Regions: one try, and no answer is no news.
    recipients =
        asked(SesOperation.DESCRIBE_RECEIPT_RULES, () -> parts.ses().receiptRecipients(region), 1)
            .orElse(null);
  }

  /** Asks at the pace. Throttling is waited out; other failures are tried a few times. */
  private <T> Optional<T> asked(SesOperation operation, SesReader.Call<T> call, int tries) {
    int failures = 0;
    while (failures < tries
        && !notEnabled
        && parts.clock().now().isBefore(stopAt)
        && lease.keep()) {
      Optional<Slot> slot = parts.pace().take(region, operation, WAIT_FOR_SLOT);
      if (slot.isEmpty()) {
        continue;
      }
      switch (slot.get().in(call::make)) {
        case CallResult.Answered<T>(T value) -> {
          return Optional.of(value);
        }
        case CallResult.NotAnswered<T>(CallResult.Kind kind, String why) -> {
          switch (kind) {
            case THROTTLED -> {
              parts.pace().throttled(region, operation);
              failures += tries == 1 ? 1 : 0;
            }
            // It was not sent: another slot.
            case SLOT_MISSED -> {}
            case FAILED -> failures++;
            case REGION_NOT_ENABLED -> notEnabled = true;
          }
        }
      }
    }
    return Optional.empty();
  }
}
