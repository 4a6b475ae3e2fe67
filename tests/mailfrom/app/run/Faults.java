package mailfrom.app.run;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import mailfrom.app.pace.CallResult;
import mailfrom.app.read.Dns;
import mailfrom.app.read.Ses;
import mailfrom.app.store.RegionState;
import mailfrom.app.tell.Topics;
import mailfrom.domain.dns.DnsView;
import mailfrom.domain.dns.SpfVerdict;
import mailfrom.domain.dns.SpfView;
import mailfrom.domain.dns.Views;
import mailfrom.domain.name.DomainName;
import mailfrom.domain.name.IdentityKey;
import mailfrom.domain.name.IdentityName;
import mailfrom.domain.ses.Live;
import mailfrom.domain.ses.Settings;
import mailfrom.local.LocalClock;
import org.jspecify.annotations.Nullable;

/**
 * Faults drawn at random for each call to a port: it fails before or after it took effect, is
 * throttled, times out, or kills the process. In each Region by itself SES is down, refuses, or
 * answers without some of those that were asked for, without any, with a word that nobody knows; a
 * list lacks some, ends in the middle, has a page twice, or a token that holds no longer. A process
 * that was killed makes no call any more, whatever its code still tries.
 */
final class Faults implements Ports {
  private static final String ELSEWHERE = "";
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final Random random;
  private final LocalClock time;
  private final Set<IdentityKey> answered = new HashSet<>();
  private final Set<IdentityKey> verificationAnswered = new HashSet<>();
  private final Set<IdentityKey> unknown = new HashSet<>();
  private final Set<IdentityKey> dropped = new HashSet<>();
  private final List<TakenSet> sets = new ArrayList<>();
  private final Set<DomainName> mxAnswered = new HashSet<>();
  private final Set<DomainName> spfAnswered = new HashSet<>();
  private final Map<String, Sky> skies = new HashMap<>();
  private final Map<String, Integer> drawn = new HashMap<>();
  private final Map<String, Listing> lists = new HashMap<>();
  private final Map<String, Integer> listsToTheirEnd = new HashMap<>();
  private final Map<IdentityKey, Integer> lastListed = new HashMap<>();
  private final Map<String, RegionState.EmptyLists> empty = new HashMap<>();

  /** Whose lists of this step have somebody. */
  private final Set<String> haveSomebody = new HashSet<>();

  private double rate;
  private double deadly;
  private boolean dead;

  /**
   * What SES is like in a Region.
   *
   * @param broken how often it answers, and the answer is broken
   * @param down whether it answers no read
   * @param refuses whether it refuses the Region to each read
   */
  record Sky(double broken, boolean down, boolean refuses) {
    static final Sky CLEAR = new Sky(0, false, false);
  }

  /** A list as it was answered in a step, page by page, whatever it lacks. */
  static final class Listing {
    private final Set<String> texts = new HashSet<>();
    private final Set<String> expired = new HashSet<>();
    private boolean isToItsEnd;

    /** How many texts it had, each once; empty: it did not come to its end. */
    Optional<Integer> size() {
      return isToItsEnd ? Optional.of(texts.size()) : Optional.empty();
    }
  }

  /** A call whose failure nobody turns into a value: the table did not answer. */
  static final class TableFailed extends RuntimeException {
    private static final long serialVersionUID = 1;

    TableFailed(String why) {
      super(why);
    }
  }

  private enum Kind {
    FAIL_BEFORE,
    FAIL_AFTER,
    THROTTLED,
    TIMEOUT,
    KILL_BEFORE,
    KILL_AFTER
  }

  Faults(Random random, LocalClock time) {
    this.random = random;
    this.time = time;
  }

  /**
   * Sets how often calls fail.
   *
   * @param deadlyPart the part of the faults that kill the process
   */
  void rate(double newRate, double deadlyPart) {
    rate = newRate;
    deadly = deadlyPart;
  }

  /** What SES is like in a Region from now on. */
  void sky(String region, Sky sky) {
    skies.put(region, sky);
  }

  /** A new process, and a new step: nothing has been asked in it yet. */
  void begin() {
    dead = false;
    drawn.clear();
    lists.clear();
    haveSomebody.clear();
    answered.clear();
    verificationAnswered.clear();
    unknown.clear();
    dropped.clear();
    sets.clear();
    mxAnswered.clear();
    spfAnswered.clear();
  }

  /** Settings that SES took from us. */
  record TakenSet(IdentityKey key, Settings settings) {}

  /** What SES took in this step. */
  List<TakenSet> sets() {
    return sets;
  }

  /** Whether SES answered for an identity in this step. */
  boolean hasAnswered(IdentityKey key) {
    return answered.contains(key);
  }

  /** Whether SES answered for the verification of an identity in this step. */
  boolean hasAnsweredVerification(IdentityKey key) {
    return verificationAnswered.contains(key);
  }

  /** Whether an identity was asked for in this step, and an answer about others lacked it. */
  boolean isUnknown(IdentityKey key) {
    return unknown.contains(key);
  }

  /** Whether SES does know one of those: a fault took it out. */
  boolean isDropped(IdentityKey key) {
    return dropped.contains(key);
  }

  /** The names whose MX records were answered in this step. */
  Set<DomainName> mxAnswered() {
    return mxAnswered;
  }

  /** The names whose SPF was answered in this step. */
  Set<DomainName> spfAnswered() {
    return spfAnswered;
  }

  /** The list that was answered in this step; empty: none was. */
  Optional<Listing> list(String region) {
    return Optional.ofNullable(lists.get(region));
  }

  /**
   * The step went to its end: what its lists had is known. A run that dies may know nothing, nor
   * one that could not write down what it knew.
   */
  void ended() {
    haveSomebody.stream().filter(region -> drawn(region) == 0).forEach(empty::remove);
    lists.forEach(
        (region, list) -> {
          if (list.isToItsEnd) {
            int count = listsToTheirEnd.getOrDefault(region, 0);
            list.texts.stream()
                .flatMap(text -> IdentityName.parse(text).toOptional().stream())
                .forEach(name -> lastListed.put(World.key(region, name), count));
          }
        });
  }

  /** How many lists in a row lacked one. */
  int absences(IdentityKey key) {
    boolean isListed =
        list(key.region()).filter(list -> list.texts.contains(key.name().value())).isPresent();
    return isListed
        ? 0
        : listsToTheirEnd.getOrDefault(key.region(), 0) - lastListed.getOrDefault(key, 0);
  }

  /** Whether a day of lists with nobody in them stands for one who could be asked beside. */
  boolean isEmptyForLong(String region) {
    RegionState.EmptyLists lists = empty.get(region);
    return lists != null && lists.areBelieved(time.instant());
  }

  /** The faults drawn in this step, without those of SES in other Regions. */
  int drawn(String region) {
    return drawn.getOrDefault(region, 0) + drawn.getOrDefault(ELSEWHERE, 0);
  }

  /** The port with faults. */
  @Override
  public <T> T around(Class<T> port, T real) {
    return port.cast(
        Proxy.newProxyInstance(
            Faults.class.getClassLoader(),
            new Class<?>[] {port},
            (proxy, method, arguments) -> call(real, method, arguments)));
  }

  private @Nullable Object call(Object real, Method method, @Nullable Object[] arguments)
      throws Throwable {
    if (dead) {
      throw new Mortal.Killed();
    }
    if (method.getReturnType() == Dns.class) {
      return around(Dns.class, (Dns) Objects.requireNonNull(invoke(real, method, arguments)));
    }
    String region = real instanceof Ses ? (String) Objects.requireNonNull(arguments[1]) : ELSEWHERE;
    Sky sky = skies.getOrDefault(region, Sky.CLEAR);
    if (sky.refuses() && method.getReturnType() == CallResult.class) {
      strike(region);
      return new CallResult.NotAnswered<>(CallResult.Kind.REGION_DENIED, "explicit deny");
    }
    if (sky.down()) {
      strike(region);
      return failure(method, Kind.FAIL_BEFORE, arguments);
    }
    if (random.nextDouble() >= rate) {
      return real instanceof Ses
          ? answer(region, sky, real, method, arguments)
          : remembered(invoke(real, method, arguments));
    }
    strike(region);
    Kind kind = draw();
    return switch (kind) {
      case FAIL_BEFORE, THROTTLED -> failure(method, kind, arguments);
      case FAIL_AFTER ->
          invoke(real, method, arguments) instanceof DnsView view
              ? seen(withoutSpf(view))
              : failure(method, kind, arguments);
      case TIMEOUT -> {
        if (random.nextBoolean()) {
          invoke(real, method, arguments);
        }
        time.advance(TIMEOUT);
        yield failure(method, kind, arguments);
      }
      case KILL_BEFORE, KILL_AFTER -> {
        if (kind == Kind.KILL_AFTER) {
          invoke(real, method, arguments);
        }
        dead = true;
        throw new Mortal.Killed();
      }
    };
  }

  private void strike(String region) {
    drawn.merge(region, 1, Integer::sum);
  }

  private Kind draw() {
    if (random.nextDouble() < deadly) {
      return random.nextBoolean() ? Kind.KILL_BEFORE : Kind.KILL_AFTER;
    }
    return List.of(Kind.FAIL_BEFORE, Kind.FAIL_AFTER, Kind.THROTTLED, Kind.TIMEOUT)
        .get(random.nextInt(4));
  }

  private @Nullable Object remembered(@Nullable Object result) {
    return result instanceof DnsView view ? seen(view) : result;
  }

  /** What SES answers, and what of it arrives. */
  private @Nullable Object answer(
      String region, Sky sky, Object real, Method method, @Nullable Object[] arguments)
      throws Throwable {
    boolean isList = method.getName().equals("list");
    String token = isList ? (String) arguments[2] : null;
    if (isList && token == null) {
      lists.remove(region);
    }
    Listing list = lists.computeIfAbsent(region, _ -> new Listing());
    if (token != null && list.expired.contains(token)) {
      return expired();
    }
    Object right = invoke(real, method, arguments);
    boolean breaks = random.nextDouble() < sky.broken();
    if (breaks) {
      strike(region);
      if (token != null && random.nextInt(4) == 0) {
        list.expired.add(token);
        return expired();
      }
    }
    Object result =
        breaks && right instanceof CallResult.Answered<?>(var told) ? broken(told, token) : right;
    if (right instanceof Ses.SetAnswer.Done
        && arguments[2] instanceof IdentityName name
        && arguments[3] instanceof Settings settings) {
      sets.add(new TakenSet(World.key(region, name), settings));
    } else if (right instanceof CallResult.Answered<?>(Ses.MailFrom told)
        && result instanceof CallResult.Answered<?>(Ses.MailFrom answer)) {
      answered(region, (List<?>) Objects.requireNonNull(arguments[2]), told, answer);
    } else if (result instanceof CallResult.Answered<?>(Map<?, ?> answer)
        && method.getName().equals("verified")) {
      answer
          .keySet()
          .forEach(name -> verificationAnswered.add(World.key(region, (IdentityName) name)));
    } else if (result instanceof CallResult.Answered<?>(Ses.Page page)) {
      listed(region, list, page);
    }
    return result;
  }

  private static CallResult<Ses.Page> expired() {
    return new CallResult.NotAnswered<>(CallResult.Kind.FAILED, "Invalid NextToken.");
  }

  private void answered(String region, List<?> asked, Ses.MailFrom told, Ses.MailFrom answer) {
    answer.live().keySet().forEach(name -> answered.add(World.key(region, name)));
    if (!answer.hasAnsweredAny()) {
      return;
    }
    for (Object one : asked) {
      IdentityName name = (IdentityName) one;
      if (!answer.hasAnswered(name)) {
        unknown.add(World.key(region, name));
        if (told.hasAnswered(name)) {
          dropped.add(World.key(region, name));
        }
      }
    }
  }

  private void listed(String region, Listing list, Ses.Page page) {
    page.names().forEach(name -> list.texts.add(name.value()));
    list.texts.addAll(page.cannotWatch());
    if (page.nextToken() == null) {
      list.isToItsEnd = true;
      listsToTheirEnd.merge(region, 1, Integer::sum);
      boolean hasNobody =
          list.texts.stream().noneMatch(text -> IdentityName.parse(text).toOptional().isPresent());
      if (hasNobody) {
        empty.compute(
            region, (_, before) -> RegionState.EmptyLists.oneMore(before, time.instant()));
      } else {
        haveSomebody.add(region);
      }
    }
  }

  /** An answer as a bad day of SES or a proxy has it. */
  private CallResult<?> broken(@Nullable Object answer, @Nullable String token) {
    boolean all = random.nextInt(3) == 0;
    return new CallResult.Answered<>(
        switch (answer) {
          case Ses.Page page when token != null && random.nextBoolean() ->
              new Ses.Page(page.names(), page.cannotWatch(), token);
          case Ses.Page page ->
              new Ses.Page(
                  some(page.names(), all),
                  page.cannotWatch(),
                  random.nextBoolean() ? page.nextToken() : null);
          case Ses.MailFrom told when !all && random.nextBoolean() -> wordless(told);
          case Ses.MailFrom told -> new Ses.MailFrom(some(told.live(), all), Map.of());
          case Map<?, ?> told -> some(told, all);
          case List<?> told -> some(told, all);
          case null, default -> throw new IllegalStateException("SES answers nothing else");
        });
  }

  /** Words that nobody knows in the place of some settings. */
  private Ses.MailFrom wordless(Ses.MailFrom told) {
    Map<IdentityName, Live> understood = some(told.live(), false);
    Map<IdentityName, String> words = new HashMap<>();
    told.live().keySet().stream()
        .filter(name -> !understood.containsKey(name))
        .forEach(name -> words.put(name, "bounce.example UseDefaultValue Paused"));
    return new Ses.MailFrom(understood, words);
  }

  private <T> List<T> some(List<T> all, boolean none) {
    return all.stream().filter(one -> !none && random.nextBoolean()).toList();
  }

  private <K, V> Map<K, V> some(Map<K, V> all, boolean none) {
    Map<K, V> left = new HashMap<>();
    // In one order: the same seed drops the same.
    all.entrySet().stream()
        .sorted(Comparator.comparing(entry -> String.valueOf(entry.getKey())))
        .filter(_ -> !none && random.nextBoolean())
        .forEach(entry -> left.put(entry.getKey(), entry.getValue()));
    return left;
  }

  private DnsView seen(DnsView view) {
    if (!view.mx().couldNotAsk()) {
      mxAnswered.add(view.name());
    }
    if (view.spf().verdict() != SpfVerdict.UNKNOWN) {
      spfAnswered.add(view.name());
    }
    return view;
  }

  /** A look in the middle of which the name servers fell silent. */
  private static DnsView withoutSpf(DnsView view) {
    return Views.with(view, SpfView.unavailable("SERVFAIL"));
  }

  private static @Nullable Object invoke(Object real, Method method, @Nullable Object[] arguments)
      throws Throwable {
    try {
      return method.invoke(real, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause() == null ? e : e.getCause();
    }
  }

  private static Object failure(Method method, Kind kind, @Nullable Object[] arguments) {
    boolean throttled = kind == Kind.THROTTLED;
    Class<?> type = method.getReturnType();
    if (type == CallResult.class) {
      return new CallResult.NotAnswered<>(
          throttled ? CallResult.Kind.THROTTLED : CallResult.Kind.FAILED, kind.name());
    }
    if (type == Ses.SetAnswer.class) {
      return throttled ? new Ses.SetAnswer.Throttled() : new Ses.SetAnswer.Unknown(kind.name());
    }
    if (type == DnsView.class) {
      DomainName name = (DomainName) Objects.requireNonNull(arguments[0]);
      return DnsView.unavailable(name, throttled ? "REFUSED" : kind.name());
    }
    if (type == Optional.class && method.getDeclaringClass().isAssignableFrom(Dns.class)) {
      return Optional.empty();
    }
    if (type == Topics.Published.class) {
      return new Topics.Published.Failed(kind.name());
    }
    throw new TableFailed(method.getName() + ": " + kind);
  }
}
