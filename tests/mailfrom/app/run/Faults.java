package mailfrom.app.run;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import mailfrom.app.pace.CallResult;
import mailfrom.app.read.Dns;
import mailfrom.app.read.Ses;
import mailfrom.app.tell.Topics;
import mailfrom.domain.dns.DnsView;
import mailfrom.domain.dns.SpfVerdict;
import mailfrom.domain.dns.SpfView;
import mailfrom.domain.dns.Views;
import mailfrom.domain.name.DomainName;
import mailfrom.domain.name.IdentityName;
import mailfrom.local.LocalClock;
import org.jspecify.annotations.Nullable;

/**
 * Faults drawn at random for each call to a port: it fails before or after it took effect, is
 * throttled, times out, or kills the process. A process that was killed makes no call any more,
 * whatever its code still tries.
 */
final class Faults implements Ports {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final Random random;
  private final LocalClock time;
  private final Set<IdentityName> answered = new HashSet<>();
  private final Set<DomainName> mxAnswered = new HashSet<>();
  private final Set<DomainName> spfAnswered = new HashSet<>();
  private double rate;
  private double deadly;
  private boolean sesDown;
  private boolean dead;
  private boolean listed;
  private int drawn;

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

  /** Whether no read of SES is answered. */
  void sesDown(boolean on) {
    sesDown = on;
  }

  /** A new process, and a new step: nothing has been asked in it yet. */
  void begin() {
    dead = false;
    drawn = 0;
    listed = false;
    answered.clear();
    mxAnswered.clear();
    spfAnswered.clear();
  }

  /** The identities for which SES answered in this step. */
  Set<IdentityName> answered() {
    return answered;
  }

  /** The names whose MX records were answered in this step. */
  Set<DomainName> mxAnswered() {
    return mxAnswered;
  }

  /** The names whose SPF was answered in this step. */
  Set<DomainName> spfAnswered() {
    return spfAnswered;
  }

  boolean listed() {
    return listed;
  }

  /** The faults drawn in this step. */
  int drawn() {
    return drawn;
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
    if (sesDown && real instanceof Ses) {
      drawn++;
      return failure(method, Kind.FAIL_BEFORE, arguments);
    }
    if (random.nextDouble() >= rate) {
      return really(real, method, arguments);
    }
    drawn++;
    Kind kind = draw();
    return switch (kind) {
      case FAIL_BEFORE, THROTTLED -> failure(method, kind, arguments);
      case FAIL_AFTER ->
          invoke(real, method, arguments) instanceof DnsView view
              ? remembered(withoutSpf(view))
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

  private Kind draw() {
    if (random.nextDouble() < deadly) {
      return random.nextBoolean() ? Kind.KILL_BEFORE : Kind.KILL_AFTER;
    }
    return List.of(Kind.FAIL_BEFORE, Kind.FAIL_AFTER, Kind.THROTTLED, Kind.TIMEOUT)
        .get(random.nextInt(4));
  }

  private @Nullable Object really(Object real, Method method, @Nullable Object[] arguments)
      throws Throwable {
    Object result = invoke(real, method, arguments);
    if (result instanceof CallResult.Answered<?>(Ses.MailFrom answer)) {
      answered.addAll(answer.live().keySet());
    } else if (result instanceof CallResult.Answered<?>(Ses.Page page)) {
      listed |= page.nextToken() == null;
    } else if (result instanceof DnsView view) {
      remembered(view);
    }
    return result;
  }

  private DnsView remembered(DnsView view) {
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
