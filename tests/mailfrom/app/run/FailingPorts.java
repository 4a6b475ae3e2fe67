package mailfrom.app.run;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Set;
import mailfrom.app.batch.BatchStore;
import mailfrom.app.pace.CallResult;
import mailfrom.app.pace.LeaseStore;
import mailfrom.app.pace.SlotStore;
import mailfrom.app.read.Ses;
import mailfrom.app.store.IdentityStore;
import mailfrom.app.store.RegionStore;

/** The table or SES fails at some of the calls that are made to them. */
public final class FailingPorts implements Ports {
  private static final Set<Class<?>> FAIL =
      Set.of(
          BatchStore.class,
          IdentityStore.class,
          LeaseStore.class,
          RegionStore.class,
          Ses.class,
          SlotStore.class);

  private final Fault fault;
  private int calls;

  public FailingPorts(Fault fault) {
    this.fault = fault;
  }

  /**
   * Calls that fail.
   *
   * @param from the first one, counted from 0
   * @param times how many
   * @param after whether they take effect all the same
   */
  public record Fault(int from, int times, boolean after) {
    public static final Fault NONE = new Fault(0, 0, false);
  }

  /** The table did not answer. */
  public static final class TableDown extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  /** How many calls were made. */
  public int calls() {
    return calls;
  }

  @Override
  public <T> T around(Class<T> port, T real) {
    return !FAIL.contains(port)
        ? real
        : port.cast(
            Proxy.newProxyInstance(
                port.getClassLoader(),
                new Class<?>[] {port},
                (_, method, arguments) -> {
                  int call = calls++ - fault.from();
                  boolean fails = call >= 0 && call < fault.times();
                  Class<?> type = method.getReturnType();
                  if (fails && !fault.after()) {
                    return failure(type);
                  }
                  try {
                    Object answer = method.invoke(real, arguments);
                    return fails ? failure(type) : answer;
                  } catch (InvocationTargetException e) {
                    throw e.getCause() == null ? e : e.getCause();
                  }
                }));
  }

  private static Object failure(Class<?> type) {
    if (type == CallResult.class) {
      return new CallResult.NotAnswered<>(CallResult.Kind.FAILED, "down");
    }
    if (type == Ses.SetAnswer.class) {
      return new Ses.SetAnswer.Unknown("down");
    }
    throw new TableDown();
  }
}
