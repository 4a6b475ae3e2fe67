package mailfrom.app.store;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import mailfrom.app.fleet.FleetCounts;
import mailfrom.domain.incident.RunNotice;
import mailfrom.domain.name.IdentityName;
import org.jspecify.annotations.Nullable;

/**
 * What is kept about one Region, in parts by who changes them.
 *
 * @param owed messages about runs that a topic has not taken yet
 * @param rowVersion what a conditional write compares; 0 while it is not stored
 */
public record RegionState(
    String region,
    Reading reading,
    Promoting promoting,
    Held held,
    NotAsked notAsked,
    Told told,
    List<RunNotice> owed,
    long rowVersion) {
  public RegionState {
    owed = List.copyOf(owed);
  }

  public static RegionState unseen(String region) {
    return new RegionState(
        region,
        Reading.NOTHING,
        Promoting.UNTRIED,
        Held.NOTHING,
        NotAsked.NOTHING,
        Told.NOTHING,
        List.of(),
        0);
  }

  /** The newest read run of a Region. */
  public record LastRun(
      Instant at, Duration took, int listed, int read, int couldNotAsk, boolean complete) {}

  /**
   * What the read runs found.
   *
   * @param last the newest read run, complete or not; null before the first
   * @param lastCompleteAt the time of the newest complete run; null before the first
   * @param identities how many were listed in the newest complete run
   * @param readFirst where the next run starts reading, when the last one could not finish
   * @param canary an identity that SES answered for in the newest run; null: none yet
   * @param empty the newest lists, if they had nobody in them; null: the newest had somebody
   * @param counts the Region's part of the fleet at the end of the newest run that stored all;
   *     null: none has put each row in its place yet
   */
  public record Reading(
      @Nullable LastRun last,
      @Nullable Instant lastCompleteAt,
      int identities,
      @Nullable IdentityName readFirst,
      @Nullable IdentityName canary,
      @Nullable EmptyLists empty,
      @Nullable FleetCounts counts) {
    static final Reading NOTHING = new Reading(null, null, 0, null, null, null, null);

    /**
     * After a run.
     *
     * @param answered an identity that SES answered for in it; null: none
     * @param counted the fleet after it; null: not all of it is in its place yet
     */
    public Reading after(
        LastRun run,
        @Nullable IdentityName first,
        @Nullable IdentityName answered,
        @Nullable FleetCounts counted) {
      return new Reading(
          run,
          run.complete() ? run.at() : lastCompleteAt,
          run.complete() ? run.listed() : identities,
          first,
          answered == null ? canary : answered,
          empty,
          counted);
    }

    /** After a list that was read to its end. */
    public Reading afterList(boolean isEmpty, Instant now) {
      EmptyLists next = isEmpty ? EmptyLists.oneMore(empty, now) : null;
      return new Reading(last, lastCompleteAt, identities, readFirst, canary, next, counts);
    }
  }

  /**
   * Complete lists in a row that had nobody in them.
   *
   * @param since the time of the first
   */
  public record EmptyLists(Instant since, int count) {
    private static final Duration BELIEVED_AFTER = Duration.ofDays(1);

    /** One an hour, which is the longest interval of the runs. */
    private static final int BELIEVED_FROM = 24;

    public static EmptyLists oneMore(@Nullable EmptyLists before, Instant now) {
      return before == null
          ? new EmptyLists(now, 1)
          : new EmptyLists(before.since, before.count + 1);
    }

    /** Whether they are so many over so long that they are no broken answer any more. */
    public boolean areBelieved(Instant now) {
      return count >= BELIEVED_FROM && !now.isBefore(since.plus(BELIEVED_AFTER));
    }
  }

  /**
   * How PROMOTE went.
   *
   * @param stopped whether one reset a Success here
   * @param wentWell whether one was seen to go well here: the first goes alone
   */
  public record Promoting(boolean stopped, boolean wentWell) {
    static final Promoting UNTRIED = new Promoting(false, false);
  }

  /**
   * The brake on repairs.
   *
   * @param since since when it holds them back, or did until the release that is still to be told;
   *     null while it does not
   * @param releasedAt when somebody released it last
   */
  public record Held(@Nullable Instant since, @Nullable Instant releasedAt) {
    public static final Held NOTHING = new Held(null, null);

    /** Since when it holds them back; null: it does not, or not any more. */
    public @Nullable Instant heldSince() {
      return since == null || (releasedAt != null && !releasedAt.isBefore(since)) ? null : since;
    }

    public boolean isHeld() {
      return heldSince() != null;
    }
  }

  /**
   * What the runs could not ask, as it was told.
   *
   * @param unreachable why the Region cannot be watched at all; null: it can
   * @param blindSince since when SES could not be asked too often; null while it can
   * @param dnsBlindSince since when the DNS could not be asked too often; null while it can
   * @param missing who is missing from SES's list; null: nobody is
   * @param cannotWatch the listed texts that are no identity's name
   */
  public record NotAsked(
      @Nullable String unreachable,
      @Nullable Instant blindSince,
      @Nullable Instant dnsBlindSince,
      @Nullable Missing missing,
      List<String> cannotWatch) {
    public static final NotAsked NOTHING = new NotAsked(null, null, null, null, List.of());

    public NotAsked {
      cannotWatch = List.copyOf(cannotWatch);
    }
  }

  /**
   * Identities that SES's list lacks, and that no read says are deleted.
   *
   * @param since when some were missing first, without a break since
   * @param names of them, the first
   * @param toldAt when they were told last
   */
  public record Missing(Instant since, List<IdentityName> names, Instant toldAt) {
    public Missing {
      names = List.copyOf(names);
    }
  }

  /**
   * What was told about the Region beside that.
   *
   * @param baselinedAt when its first complete run was reported; null before
   * @param alertsReachNobody whether the topic for people had no confirmed subscription
   * @param operationsReachNobody whether the topic of the alarms had none
   * @param week the week of the newest weekly report, which one Region keeps; null before
   * @param silencesOver the ids of the kept silences whose end was told, or had nothing to tell
   */
  public record Told(
      @Nullable Instant baselinedAt,
      boolean alertsReachNobody,
      boolean operationsReachNobody,
      @Nullable String week,
      List<String> silencesOver) {
    static final Told NOTHING = new Told(null, false, false, null, List.of());

    public Told {
      silencesOver = List.copyOf(silencesOver);
    }

    public Told baselined(Instant at) {
      return new Told(at, alertsReachNobody, operationsReachNobody, week, silencesOver);
    }

    /** After the listeners of both topics were counted. */
    public Told reachingNobody(boolean alerts, boolean operations) {
      return new Told(baselinedAt, alerts, operations, week, silencesOver);
    }

    public boolean isUnheard() {
      return alertsReachNobody || operationsReachNobody;
    }

    public Told week(String newest) {
      return new Told(baselinedAt, alertsReachNobody, operationsReachNobody, newest, silencesOver);
    }

    public Told silencesOver(List<String> ids) {
      return new Told(baselinedAt, alertsReachNobody, operationsReachNobody, week, ids);
    }
  }

  public boolean isBaselined() {
    return told.baselinedAt() != null;
  }

  /** Lets go what the brake holds back. */
  public RegionState released(Instant at) {
    return held.isHeld() ? with(new Held(held.since(), at)) : this;
  }

  public RegionState with(Reading next) {
    return new RegionState(region, next, promoting, held, notAsked, told, owed, rowVersion);
  }

  public RegionState with(Promoting next) {
    return new RegionState(region, reading, next, held, notAsked, told, owed, rowVersion);
  }

  public RegionState with(Held next) {
    return new RegionState(region, reading, promoting, next, notAsked, told, owed, rowVersion);
  }

  public RegionState with(NotAsked next) {
    return new RegionState(region, reading, promoting, held, next, told, owed, rowVersion);
  }

  public RegionState with(Told next) {
    return new RegionState(region, reading, promoting, held, notAsked, next, owed, rowVersion);
  }

  /** One message more, in the place of one with the same id. */
  public RegionState owing(RunNotice notice) {
    List<RunNotice> more = new ArrayList<>(owed);
    more.removeIf(known -> known.id().equals(notice.id()));
    more.add(notice);
    return owing(more);
  }

  public RegionState owing(List<RunNotice> notices) {
    return new RegionState(region, reading, promoting, held, notAsked, told, notices, rowVersion);
  }

  public RegionState withRowVersion(long version) {
    return new RegionState(region, reading, promoting, held, notAsked, told, owed, version);
  }
}
