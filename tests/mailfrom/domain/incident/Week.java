package mailfrom.domain.incident;

import static mailfrom.domain.identity.TestingIdentity.T0;
import static mailfrom.domain.identity.TestingIdentity.key;
import static mailfrom.domain.identity.TestingIdentity.live;
import static mailfrom.domain.identity.TestingIdentity.staged;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import mailfrom.domain.desired.DesiredState;
import mailfrom.domain.desired.Progress;
import mailfrom.domain.dns.DnsView;
import mailfrom.domain.dns.Views;
import mailfrom.domain.effect.Effect;
import mailfrom.domain.identity.Ancestor;
import mailfrom.domain.identity.Evaluation;
import mailfrom.domain.identity.EvaluationContext;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.identity.Observation;
import mailfrom.domain.identity.Silence;
import mailfrom.domain.identity.TestingIdentity;
import mailfrom.domain.ses.Dkim;
import mailfrom.domain.ses.Live;
import org.jspecify.annotations.Nullable;

/**
 * A week of one identity, drawn from a seed and read every quarter of an hour: it works, fails,
 * flips, is rejected, loses its verification, is changed by somebody else, is set up anew, is
 * deleted and comes back; silences come and go, and some reads are not answered. What people are
 * told is held against what was so, by an account of its own.
 */
final class Week {
  private static final int STEPS = 7 * 24 * 4;
  private static final Duration STEP = Duration.ofMinutes(15);

  /** A last day and more without trouble, so that all that began ends. */
  private static final int CALM_STEPS = 27 * 4;

  private static final Duration UNTOLD_AT_MOST = Duration.ofHours(25);
  private static final String BOUNCE = "bounce.example.com";

  /** What goes on for a while. */
  private enum Weather {
    WORKS,
    FAILS,
    FLIPS,
    REJECTED,
    GETS_WORSE,
    UNVERIFIED,
    CHANGED,
    WILL_BREAK,
    ASKED_FOR_IN_VAIN,
    SET_UP,
    DELETED,
    NOT_ANSWERED
  }

  private final Random random;
  private final UnaryOperator<IdentityState> fault;
  private final List<String> wrong = new ArrayList<>();
  private final Set<String> heard = new HashSet<>();
  private final List<Silence> silences = new ArrayList<>();
  private IdentityState state;
  private Instant now = T0;
  private Weather weather = Weather.WORKS;
  private int left = 4;
  private int ofWeather;

  /** Since when mail is in trouble, but for single good reads. */
  private @Nullable Instant since;

  private int goodReads;
  private @Nullable Instant heardAt;
  private @Nullable Instant lossHeardAt;

  /** When nobody was to be told, or nobody could know. */
  private @Nullable Instant quietAt;

  /** What people heard last and were asked to do something about, and have not seen the end of. */
  private @Nullable Notice open;

  private @Nullable Notice openSetUp;

  /** The same of what was told beside incidents. */
  private final Map<Reason, Notice> openBeside = new EnumMap<>(Reason.class);

  /** The alerts that a pager has open, by the incident's id. */
  private final Map<String, Notice> paged = new HashMap<>();

  private boolean rejected;
  private boolean wasVerified;

  private Week(long seed, UnaryOperator<IdentityState> fault) {
    this.random = new Random(seed);
    this.fault = fault;
    IdentityState unseen = IdentityState.unseen(key("example.com"));
    this.state =
        random.nextBoolean()
            ? unseen
            : unseen.withDesired(TestingIdentity.applied(staged(BOUNCE, "UseDefaultValue")));
  }

  /**
   * Lives through the week of a seed.
   *
   * @param fault what a planted fault makes of each state after it was decided on
   * @return what was wrong; empty when nothing was
   */
  static List<String> of(long seed, UnaryOperator<IdentityState> fault) {
    return new Week(seed, fault).run();
  }

  private List<String> run() {
    for (int step = 0; step < STEPS; step++) {
      if (left-- == 0) {
        weather = Weather.values()[random.nextInt(Weather.values().length)];
        // Minutes, hours, or days.
        left = 1 + random.nextInt(random.nextInt(3) == 0 ? 300 : random.nextInt(3) == 0 ? 30 : 5);
        ofWeather = 0;
      }
      if (random.nextInt(400) == 0) {
        silences.add(
            new Silence(
                "s" + step,
                new Silence.Match("example.com", null, null, null),
                now,
                now.plus(Duration.ofHours(1 + random.nextInt(40))),
                "they move",
                "arn:mia"));
      }
      step();
    }
    weather = Weather.WORKS;
    if (state.desiredState() != null) {
      ask(BOUNCE);
    }
    for (int step = 0; step < CALM_STEPS; step++) {
      step();
    }
    if (open != null) {
      wrong.add("%s of %s has no end".formatted(open.reason(), open.at()));
    }
    paged
        .values()
        .forEach(
            notice ->
                wrong.add(
                    "a pager's alert of %s of %s is never closed"
                        .formatted(notice.reason(), notice.at())));
    openBeside
        .values()
        .forEach(
            notice -> wrong.add("%s of %s has no end".formatted(notice.reason(), notice.at())));
    if (openSetUp != null) {
      wrong.add("LAST_CHANCE of %s has no end".formatted(openSetUp.at()));
    }
    return wrong;
  }

  private void step() {
    Instant last = now;
    now = now.plus(STEP);
    int place = ofWeather++;
    if (weather == Weather.NOT_ANSWERED || random.nextInt(20) == 0) {
      observe(null, null, last);
    } else if (weather == Weather.DELETED) {
      // The second listing without it.
      if (place == 2 && !state.isGone() && state.wasSeen()) {
        since = null;
        wasVerified = false;
        told(Evaluation.deleted(state, null, now, true));
      }
    } else {
      state = state.ifNotGone();
      Live live =
          switch (weather) {
            case FAILS -> live(BOUNCE, "UseDefaultValue", "Failed");
            case FLIPS ->
                live(BOUNCE, "UseDefaultValue", place % 4 < 2 ? "TemporaryFailure" : "Success");
            case REJECTED -> live(BOUNCE, "RejectMessage", "TemporaryFailure");
            case GETS_WORSE ->
                live(BOUNCE, place < 3 ? "UseDefaultValue" : "RejectMessage", "TemporaryFailure");
            case CHANGED -> live("mail.example.com", "UseDefaultValue", "Success");
            case SET_UP -> live("new.example.com", "UseDefaultValue", "Pending");
            case WORKS, UNVERIFIED, DELETED, NOT_ANSWERED, WILL_BREAK, ASKED_FOR_IN_VAIN ->
                live(BOUNCE, "UseDefaultValue", "Success");
          };
      if (weather == Weather.ASKED_FOR_IN_VAIN && place == 0) {
        ask("mail.example.com");
        state = state.withProgress(progress -> progress.with(Progress.State.REFUSED));
        told(Evaluation.notApplied(state, "no.", now));
      }
      observe(live, weather != Weather.UNVERIFIED, last);
    }
  }

  private void ask(String domain) {
    state =
        state.withDesired(
            DesiredState.asked(
                state.desiredState(), staged(domain, "UseDefaultValue"), "arn:mia", now));
  }

  /** What the DNS says of its domain; null: nobody looks. */
  private @Nullable DnsView look() {
    return switch (weather) {
      case WORKS -> Views.healthy();
      case WILL_BREAK -> Views.with(Views.mx(null));
      default -> null;
    };
  }

  private void observe(@Nullable Live live, @Nullable Boolean verified, Instant last) {
    boolean silenced = silences.stream().anyMatch(silence -> silence.matches(state, now));
    if (live != null) {
      account(live, Boolean.TRUE.equals(verified));
    }
    if (silenced || live == null || weather == Weather.SET_UP) {
      quietAt = now;
    }
    told(
        Evaluation.evaluate(
            state,
            new Observation(now, now, verified, live, Dkim.SIGNS, null, look()),
            new EvaluationContext(
                Ancestor.NONE,
                new TreeSet<>(List.of(TestingIdentity.REGION)),
                true,
                last,
                silences)));
    if (live != null
        && rejected
        && since != null
        && (lossHeardAt == null || lossHeardAt.isBefore(since))) {
      wrong.add("mail is rejected at %s, and nobody was told".formatted(now));
    }
    Instant from = latest(since, quietAt);
    if (since != null
        && from != null
        && from.plus(UNTOLD_AT_MOST).isBefore(now)
        && (heardAt == null || heardAt.isBefore(since))) {
      wrong.add("in trouble since %s, and at %s nobody was told".formatted(since, now));
    }
  }

  private static @Nullable Instant latest(@Nullable Instant a, @Nullable Instant b) {
    return a == null ? b : b == null || a.isAfter(b) ? a : b;
  }

  /** Its own account of whether mail is in trouble: a single good read interrupts nothing. */
  private void account(Live live, boolean verified) {
    wasVerified |= verified;
    boolean worked = verified || wasVerified;
    boolean good = live.isSuccess() && verified;
    rejected = weather == Weather.REJECTED;
    if (weather == Weather.SET_UP) {
      goodReads = 0;
      // A new domain neither ends what people know of the old one nor is a trouble.
      return;
    }
    if (good || !worked) {
      goodReads++;
      since = goodReads > 1 ? null : since;
    } else {
      goodReads = 0;
      since = since == null ? now : since;
    }
  }

  /** Takes the next state, and gives people what it owes. */
  private void told(IdentityState decided) {
    state = fault.apply(decided);
    for (Notice notice : state.incidentState().owed()) {
      page(notice);
      if (!notice.delivered().contains(Topic.ALERTS) && heard.add(notice.id())) {
        hear(notice);
      }
    }
    if (state.incidentState().incident() != null) {
      // The set-up has become a trouble, with messages of its own.
      openSetUp = null;
    }
    List<String> ids = state.incidentState().owed().stream().map(Notice::id).toList();
    state = state.delivered(Topic.NOTICES, ids, now).delivered(Topic.ALERTS, ids, now);
  }

  private void page(Notice notice) {
    Notice.About incident = notice.incident();
    if (incident == null || notice.delivered().contains(Topic.NOTICES)) {
      return;
    }
    switch (PagerAction.of(notice)) {
      case TRIGGER -> paged.put(incident.id(), notice);
      case RESOLVE -> paged.remove(incident.id());
      case NONE -> {}
    }
  }

  private void hear(Notice notice) {
    openBeside.keySet().removeIf(notice.reason()::ends);
    switch (notice.reason().kind()) {
      case TROUBLE -> {
        heardAt = now;
        if (notice.effect() == Effect.REJECTED || notice.effect() == Effect.UNVERIFIED) {
          lossHeardAt = now;
        }
        if (state.incidentState().incident() == null) {
          openSetUp = notice;
        } else {
          open = notice;
        }
      }
      case END -> {
        open = null;
        openSetUp = null;
      }
      case DONE -> openSetUp = null;
      case SETTINGS, WARNING -> openBeside.put(notice.reason(), notice);
      case RUN -> {}
    }
  }
}
