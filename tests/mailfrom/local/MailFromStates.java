package mailfrom.local;

import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import mailfrom.local.LocalSes.OnMxFailure;
import mailfrom.local.LocalSes.Status;
import org.jspecify.annotations.Nullable;

/** The states of all MAIL FROM domains of an account, as the DNS and the clock drive them. */
final class MailFromStates {
  private final MxLookup mx;
  // Who is looked at: all but Failed. A Region may hold ten thousand, so they are looked at only
  // when DNS changed.
  private final Set<SesIdentity> watched = new LinkedHashSet<>();
  private final Set<SesIdentity> fresh = new LinkedHashSet<>();
  private final NavigableMap<Instant, Set<SesIdentity>> deadlines = new TreeMap<>();
  private long seenVersion = Long.MIN_VALUE;

  MailFromStates(MxLookup mx) {
    this.mx = mx;
  }

  /** Lets time and DNS do their work. */
  void evaluate(Instant now) {
    while (!deadlines.isEmpty() && !deadlines.firstKey().isAfter(now)) {
      Map.Entry<Instant, Set<SesIdentity>> due = deadlines.firstEntry();
      List.copyOf(due.getValue())
          .forEach(identity -> become(identity, Status.FAILED, due.getKey()));
    }
    long version = mx.version();
    Collection<SesIdentity> toLook = version == seenVersion ? fresh : watched;
    List.copyOf(toLook).forEach(identity -> look(identity, now));
    seenVersion = version;
    fresh.clear();
  }

  private void look(SesIdentity identity, Instant now) {
    if (identity.mailFrom == null || identity.status == null || !watched.contains(identity)) {
      return;
    }
    MxLookup.Seen seen = mx.look(identity.mailFrom);
    switch (identity.status) {
      case PENDING, TEMPORARY_FAILURE -> {
        if (seen == MxLookup.Seen.RIGHT) {
          become(identity, Status.SUCCESS, now);
        }
      }
      case SUCCESS -> {
        if (seen == MxLookup.Seen.WRONG) {
          become(identity, Status.TEMPORARY_FAILURE, now);
        }
      }
      case FAILED -> {
        // SES no longer looks.
      }
    }
  }

  private void become(SesIdentity identity, @Nullable Status status, @Nullable Instant since) {
    forgetDeadline(identity);
    identity.status = status;
    identity.since = since;
    if (status == null || status == Status.FAILED) {
      watched.remove(identity);
      fresh.remove(identity);
    } else {
      watched.add(identity);
    }
    if (since != null && (status == Status.PENDING || status == Status.TEMPORARY_FAILURE)) {
      deadlines
          .computeIfAbsent(since.plus(LocalSes.LOOKS_FOR), _ -> new LinkedHashSet<>())
          .add(identity);
    }
  }

  private void forgetDeadline(SesIdentity identity) {
    if (identity.since != null) {
      Instant deadline = identity.since.plus(LocalSes.LOOKS_FOR);
      Set<SesIdentity> due = deadlines.get(deadline);
      if (due != null && due.remove(identity) && due.isEmpty()) {
        deadlines.remove(deadline);
      }
    }
  }

  /** Puts a MAIL FROM domain into a state, from which it goes on as DNS and clock say. */
  void start(SesIdentity identity, String mailFromDomain, Status status, Instant since) {
    identity.mailFrom = mailFromDomain;
    become(identity, status, since);
    if (status != Status.FAILED) {
      fresh.add(identity);
    }
  }

  void clear(SesIdentity identity) {
    identity.mailFrom = null;
    identity.behavior = OnMxFailure.USE_DEFAULT_VALUE;
    become(identity, null, null);
  }

  /** Deletes an identity with its state. */
  void drop(SesRegion region, String name) {
    SesIdentity gone = region.identities.remove(SesRegion.key(name));
    if (gone != null) {
      clear(gone);
    }
  }
}
