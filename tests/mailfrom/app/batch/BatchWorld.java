package mailfrom.app.batch;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import mailfrom.app.pace.MovingClock;
import mailfrom.app.run.Mortal;
import mailfrom.app.run.RunReport;
import mailfrom.app.run.World;
import mailfrom.app.settings.ManagedPatterns;
import mailfrom.app.store.IdentityStore;
import mailfrom.domain.desired.Activation;
import mailfrom.domain.desired.Desired;
import mailfrom.domain.desired.HealPolicy;
import mailfrom.domain.identity.Caller;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.name.DomainName;
import mailfrom.domain.name.IdentityKey;
import mailfrom.domain.name.IdentityName;
import mailfrom.domain.ses.BehaviorOnMxFailure;
import mailfrom.domain.ses.Settings;
import mailfrom.local.LocalSes;
import org.jspecify.annotations.Nullable;

/**
 * Batches from their order to their end, on a {@link World}: a clock that moves only when somebody
 * waits for it, everything in one thread unless a test wants more, and a process that can be killed
 * at any call it makes.
 */
final class BatchWorld {
  static final String REGION = World.REGION;
  static final String OTHER_REGION = "eu-west-1";
  static final String CALLER = "arn:aws:iam::123456789012:user/ada";

  final World world = new World();
  final MovingClock clock = world.clock;
  final LocalSes ses = world.ses;
  final IdentityStore identities = world.identities;
  final BatchStore batches = world.batches;
  final BatchService intake;
  private final Mortal mortal = new Mortal(this::note);

  /** Identities that SES had been told of when the process was killed before it noted so. */
  final Set<IdentityName> killedInBetween = new HashSet<>();

  private @Nullable IdentityName unrecorded;
  private int ids;

  /**
   * A world without a record.
   *
   * @param pace how much faster than SES this one is
   */
  BatchWorld(int pace) {
    world.watched = List.of(REGION, OTHER_REGION);
    world.policy = new HealPolicy(true, false);
    world.share = 0.9 * pace;
    world.ports = mortal;
    ses.paceFactor(pace);
    intake =
        new BatchService(
            batches,
            identities,
            new ManagedPatterns.Texts("*", "*.denied.example")::patterns,
            () -> "b" + ++ids);
  }

  static IdentityKey key(String name) {
    return World.key(name);
  }

  static Desired wants(@Nullable String domain, Activation activation) {
    return new Desired(
        new Settings(
            domain == null ? null : DomainName.of(domain), BehaviorOnMxFailure.USE_DEFAULT_VALUE),
        activation,
        Set.of(),
        Map.of());
  }

  static BatchApi.Ask ask(String name, @Nullable String domain) {
    return new BatchApi.Ask(key(name), wants(domain, Activation.STAGED));
  }

  Caller caller() {
    return new Caller(CALLER, clock.now());
  }

  /** Orders a batch and returns its id. */
  String order(boolean dryRun, BatchApi.Ask... asks) {
    String key = "key " + clock.now() + " " + ids;
    return switch (intake.create(
        new BatchApi.Order(List.of(asks), dryRun, key, List.of(asks).toString()), caller())) {
      case BatchApi.Created.Accepted(Batch batch) -> batch.id();
      case BatchApi.Created.KeyReused reused -> throw new AssertionError("a new key");
    };
  }

  Batch head(String id) {
    return batches.find(id, clock.now()).orElseThrow();
  }

  List<BatchItem> items(String id) {
    List<BatchItem> items = new ArrayList<>();
    Optional<String> cursor = Optional.empty();
    do {
      BatchApi.Page page =
          intake.get(id, Set.of(), 7, cursor.orElse(null), clock.now()).orElseThrow();
      items.addAll(page.items());
      cursor = Optional.ofNullable(page.nextCursor());
    } while (cursor.isPresent());
    return items;
  }

  List<BatchItem.State> states(String id) {
    return items(id).stream().map(BatchItem::state).toList();
  }

  /** The calls of SetIdentityMailFromDomain that SES took, by identity. */
  Map<String, Integer> sets() {
    Map<String, Integer> sets = new HashMap<>();
    for (LocalSes.Call call : ses.calls("SetIdentityMailFromDomain")) {
      if (call.outcome().equals("OK")) {
        sets.merge(String.valueOf(call.identity()), 1, Integer::sum);
      }
    }
    return sets;
  }

  /** An apply run of a new process, a minute after the one before. */
  RunReport.ApplyReport apply() {
    clock.sleepUntil(clock.now().plusSeconds(61));
    unrecorded = null;
    Instant now = clock.now();
    return world.process().apply().run(now, now.plus(Duration.ofMinutes(14)));
  }

  /** Apply runs until the batch has ended, three at most. */
  void applyUntilItEnds(String id) {
    for (int run = 0; run < 3 && head(id).isOpen(); run++) {
      apply();
    }
  }

  /** An apply run that is killed at one of its next calls. */
  boolean applyKilledWithin(int calls, Random random) {
    mortal.killAt(random.nextInt(calls), random.nextBoolean());
    try {
      var _ = apply();
      return false;
    } catch (Mortal.Killed killed) {
      if (unrecorded != null) {
        killedInBetween.add(unrecorded);
      }
      return true;
    } finally {
      mortal.revive();
    }
  }

  private void note(String method, @Nullable Object[] arguments) {
    for (Object argument : arguments) {
      if (method.equals("set") && argument instanceof IdentityName name) {
        unrecorded = name;
      } else if (method.equals("save")
          && argument instanceof IdentityState state
          && state.key().name().equals(unrecorded)) {
        unrecorded = null;
      }
    }
  }
}
