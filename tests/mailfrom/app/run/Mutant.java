package mailfrom.app.run;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import mailfrom.app.pace.CallResult;
import mailfrom.app.pace.Slot;
import mailfrom.app.read.AnswersByName;
import mailfrom.app.read.ForwardingSes;
import mailfrom.app.read.InProcessSes;
import mailfrom.app.read.Ses;
import mailfrom.app.store.ForwardingIdentityStore;
import mailfrom.app.store.HistoryEntry;
import mailfrom.app.store.IdentityStore;
import mailfrom.app.tell.Topics;
import mailfrom.app.text.Message;
import mailfrom.domain.desired.PlanAction;
import mailfrom.domain.identity.Evaluation;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.incident.Notice;
import mailfrom.domain.incident.Reason;
import mailfrom.domain.incident.Topic;
import mailfrom.domain.name.IdentityName;
import mailfrom.domain.ses.Live;
import mailfrom.domain.ses.SesView;
import mailfrom.domain.ses.Settings;
import org.jspecify.annotations.Nullable;

/** A bug planted around the ports, which the simulation has to find. */
enum Mutant {
  NONE,
  /** What is owed is marked as delivered before it is published. */
  MARKS_BEFORE_PUBLISHING,
  /** The state is stored, and what it owes is not. */
  STORES_WITHOUT_NOTICES,
  /** A start that is still owed when the incident ends is dropped, and the end is told. */
  TELLS_AN_END_WITHOUT_ITS_START,
  /** A Set that starts the setup again leaves no row in the history. */
  HIDES_A_RESTART,
  /** Each Set is made twice. */
  SETS_TWICE,
  /** Who is missing from an answer about verification is not verified. */
  TAKES_NO_ANSWER_FOR_NO,
  /** Who is missing from one list was deleted. */
  BELIEVES_ONE_LIST,
  /** Who cannot be watched is dropped while listing. */
  FORGETS_WHO_CANNOT_BE_WATCHED,
  /** Who is missing from an answer about settings has none. */
  TAKES_NO_ENTRY_FOR_NO_SETTINGS,
  /** An answer with nobody says that all are unknown. */
  NEEDS_NO_CANARY,
  /** A list ends with its first page. */
  READS_ONE_PAGE,
  /** An answer is looked up under the very text that was asked for. */
  COMPARES_WITH_CASE,
  /** What was told beside incidents is closed in the row, and not told as over. */
  FORGETS_THE_END_OF_A_WARNING,
  /** When one Region refuses, those after it are not listed either. */
  STOPS_AT_A_REFUSED_REGION;

  private static final Pattern ID = Pattern.compile("\"id\":\"([0-9a-f]+)\"");

  IdentityStore around(IdentityStore real) {
    return switch (this) {
      case BELIEVES_ONE_LIST -> new Hasty(real);
      case HIDES_A_RESTART -> new Secretive(real);
      case STORES_WITHOUT_NOTICES -> new Forgetful(real);
      case TELLS_AN_END_WITHOUT_ITS_START -> new EndsOnly(real);
      case FORGETS_THE_END_OF_A_WARNING -> new Endless(real);
      case NONE,
          MARKS_BEFORE_PUBLISHING,
          SETS_TWICE,
          TAKES_NO_ANSWER_FOR_NO,
          FORGETS_WHO_CANNOT_BE_WATCHED,
          TAKES_NO_ENTRY_FOR_NO_SETTINGS,
          NEEDS_NO_CANARY,
          READS_ONE_PAGE,
          COMPARES_WITH_CASE,
          STOPS_AT_A_REFUSED_REGION ->
          real;
    };
  }

  Ses around(Ses real) {
    return switch (this) {
      case SETS_TWICE -> new Twice(real);
      case TAKES_NO_ANSWER_FOR_NO, TAKES_NO_ENTRY_FOR_NO_SETTINGS, NEEDS_NO_CANARY ->
          new Credulous(real, this);
      case FORGETS_WHO_CANNOT_BE_WATCHED, READS_ONE_PAGE, STOPS_AT_A_REFUSED_REGION ->
          new Selective(real, this);
      case NONE,
          MARKS_BEFORE_PUBLISHING,
          STORES_WITHOUT_NOTICES,
          TELLS_AN_END_WITHOUT_ITS_START,
          HIDES_A_RESTART,
          FORGETS_THE_END_OF_A_WARNING,
          BELIEVES_ONE_LIST,
          COMPARES_WITH_CASE ->
          real;
    };
  }

  InProcessSes.Matching matching() {
    return this == COMPARES_WITH_CASE ? Mutant::underTheSameText : AnswersByName::of;
  }

  private static <A> Map<IdentityName, A> underTheSameText(
      List<IdentityName> names, Map<String, A> answers) {
    Map<IdentityName, A> found = new HashMap<>();
    for (IdentityName name : names) {
      A answer = answers.get(name.value());
      if (answer != null) {
        found.put(name, answer);
      }
    }
    return found;
  }

  Topics around(Topics real, IdentityStore identities, List<String> regions) {
    return this == MARKS_BEFORE_PUBLISHING ? new MarksFirst(real, identities, regions) : real;
  }

  /** Stores a state that begins to owe something without it: as if the two were two writes. */
  private static final class Forgetful extends ForwardingIdentityStore {
    private int writes;

    Forgetful(IdentityStore to) {
      super(to);
    }

    @Override
    public Saved save(IdentityState state, List<HistoryEntry> history, @Nullable Instant queuedAt) {
      boolean forgets = !state.incidentState().owed().isEmpty() && ++writes % 7 == 0;
      return super.save(
          forgets ? state.withIncidents(state.incidentState().withOwed(List.of())) : state,
          history,
          queuedAt);
    }
  }

  /** Stores a row without the Set that it stands for. */
  private static final class Secretive extends ForwardingIdentityStore {
    Secretive(IdentityStore to) {
      super(to);
    }

    @Override
    public Saved save(IdentityState state, List<HistoryEntry> history, @Nullable Instant queuedAt) {
      return super.save(
          state,
          history.stream().filter(entry -> entry.action() != PlanAction.RESTART).toList(),
          queuedAt);
    }
  }

  /** As when two runs meet, and neither looks. */
  private static final class Twice extends ForwardingSes {
    Twice(Ses to) {
      super(to);
    }

    @Override
    public SetAnswer set(Slot slot, String region, IdentityName name, Settings settings) {
      var _ = super.set(slot, region, name, settings);
      return super.set(slot, region, name, settings);
    }
  }

  /** Fills in what an answer lacks. */
  private static final class Credulous extends ForwardingSes {
    private final Mutant how;

    Credulous(Ses to, Mutant how) {
      super(to);
      this.how = how;
    }

    @Override
    public CallResult<Map<IdentityName, Boolean>> verified(
        Slot slot, String region, List<IdentityName> names) {
      CallResult<Map<IdentityName, Boolean>> result = super.verified(slot, region, names);
      if (how != TAKES_NO_ANSWER_FOR_NO
          || !(result
              instanceof
              CallResult.Answered<Map<IdentityName, Boolean>>(Map<IdentityName, Boolean> found))) {
        return result;
      }
      Map<IdentityName, Boolean> all = new HashMap<>(found);
      names.forEach(name -> all.putIfAbsent(name, false));
      return new CallResult.Answered<>(all);
    }

    @Override
    public CallResult<MailFrom> mailFrom(Slot slot, String region, List<IdentityName> names) {
      CallResult<MailFrom> result = super.mailFrom(slot, region, names);
      if (!(result instanceof CallResult.Answered<MailFrom>(MailFrom found))) {
        return result;
      }
      Map<IdentityName, Live> live = new HashMap<>(found.live());
      Map<IdentityName, String> words = new HashMap<>(found.unknownWords());
      if (how == TAKES_NO_ENTRY_FOR_NO_SETTINGS) {
        names.forEach(name -> live.putIfAbsent(name, Live.NONE));
      } else if (how == NEEDS_NO_CANARY) {
        words.put(IdentityName.of("somebody.example"), "is always there");
      }
      return new CallResult.Answered<>(new MailFrom(live, words));
    }
  }

  /** Lists less than there is. */
  private static final class Selective extends ForwardingSes {
    private final Mutant how;
    private boolean refused;

    Selective(Ses to, Mutant how) {
      super(to);
      this.how = how;
    }

    @Override
    public CallResult<Page> list(Slot slot, String region, @Nullable String token) {
      if (refused) {
        return new CallResult.NotAnswered<>(CallResult.Kind.FAILED, "another Region refused");
      }
      return switch (super.list(slot, region, token)) {
        case CallResult.Answered<Page>(Page page) ->
            new CallResult.Answered<>(
                switch (how) {
                  case READS_ONE_PAGE -> new Page(page.names(), page.cannotWatch(), null);
                  case FORGETS_WHO_CANNOT_BE_WATCHED ->
                      new Page(page.names(), List.of(), page.nextToken());
                  default -> page;
                });
        case CallResult.NotAnswered<Page> none -> {
          refused = how == STOPS_AT_A_REFUSED_REGION && none.kind().isOfRegion();
          yield none;
        }
      };
    }
  }

  /** Counts an absence for two. */
  private static final class Hasty extends ForwardingIdentityStore {
    Hasty(IdentityStore to) {
      super(to);
    }

    @Override
    public Saved save(IdentityState state, List<HistoryEntry> history, @Nullable Instant queuedAt) {
      SesView seen = state.sesView();
      return super.save(
          seen.absences() == 1
              ? Evaluation.gone(
                  state.withSesView(seen.withAbsences(SesView.GONE_AFTER)), null, seen.asOf(), true)
              : state,
          history,
          queuedAt);
    }
  }

  /** Drops the undelivered start when the end is owed too. */
  private static final class EndsOnly extends ForwardingIdentityStore {
    EndsOnly(IdentityStore to) {
      super(to);
    }

    @Override
    public Saved save(IdentityState state, List<HistoryEntry> history, @Nullable Instant queuedAt) {
      List<Notice> owed = state.incidentState().owed();
      boolean ends = owed.stream().anyMatch(notice -> notice.reason() == Reason.RECOVERED);
      List<Notice> left = new ArrayList<>(owed);
      if (ends) {
        left.removeIf(notice -> notice.reason() == Reason.STARTED);
      }
      return super.save(
          state.withIncidents(state.incidentState().withOwed(left)), history, queuedAt);
    }
  }

  /** Drops the ends of what was told beside incidents. */
  private static final class Endless extends ForwardingIdentityStore {
    Endless(IdentityStore to) {
      super(to);
    }

    @Override
    public Saved save(IdentityState state, List<HistoryEntry> history, @Nullable Instant queuedAt) {
      List<Notice> left = new ArrayList<>(state.incidentState().owed());
      left.removeIf(notice -> notice.reason().isOver());
      return super.save(
          state.withIncidents(state.incidentState().withOwed(left)), history, queuedAt);
    }
  }

  /** Marks in the table what is about to be published. */
  private record MarksFirst(Topics real, IdentityStore identities, List<String> regions)
      implements Topics {
    @Override
    public Published publish(Name name, Message message) {
      Matcher id = ID.matcher(message.text());
      boolean found = id.find();
      for (String region : regions) {
        try (var rows = identities.ofRegion(region)) {
          rows.forEach(
              row -> {
                if (name == Name.ALERTS) {
                  mark(row, Topic.ALERTS, row.owed(Topic.ALERTS).stream().map(Notice::id).toList());
                } else if (found) {
                  mark(row, Topic.NOTICES, List.of(id.group(1)));
                }
              });
        }
      }
      return real.publish(name, message);
    }

    private void mark(IdentityState row, Topic topic, List<String> ids) {
      IdentityState marked = row.delivered(topic, ids, row.sesView().asOf());
      if (!marked.equals(row)) {
        identities.save(marked, List.of(), null);
      }
    }

    @Override
    public CallResult<Integer> listeners(Name name) {
      return real.listeners(name);
    }
  }
}
