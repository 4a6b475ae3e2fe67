package mailfrom.app.run;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;

/**
 * A process that may end at any of the calls it makes, before the call took effect or after. What
 * is dead makes no call any more, whatever its code still tries.
 */
public final class Mortal implements Ports {
  private final Watcher watcher;
  private int calls;
  private int killAt = -1;
  private boolean killAfter;
  private boolean dead;

  /** Sees each call that took effect. */
  public interface Watcher {
    void called(String method, @Nullable Object[] arguments);
  }

  /** The process ended in the middle of a call. */
  public static final class Killed extends Error {
    private static final long serialVersionUID = 1;

    Killed() {
      super("killed", null, false, false);
    }
  }

  public Mortal(Watcher watcher) {
    this.watcher = watcher;
  }

  /** A fresh process. */
  public void revive() {
    calls = 0;
    killAt = -1;
    dead = false;
  }

  /** Kills the process at its call of that number, counted from 0. */
  public void killAt(int call, boolean afterIt) {
    calls = 0;
    killAt = call;
    killAfter = afterIt;
  }

  public boolean isDead() {
    return dead;
  }

  @Override
  public <T> T around(Class<T> port, T real) {
    return port.cast(
        Proxy.newProxyInstance(
            port.getClassLoader(),
            new Class<?>[] {port},
            (proxy, method, arguments) -> {
              boolean last = calls++ == killAt;
              if (dead || (last && !killAfter)) {
                throw killed();
              }
              try {
                Object answer = method.invoke(real, arguments);
                watcher.called(method.getName(), arguments == null ? new Object[0] : arguments);
                if (last) {
                  throw killed();
                }
                return answer;
              } catch (InvocationTargetException e) {
                throw e.getCause() == null ? e : e.getCause();
              }
            }));
  }

  private Killed killed() {
    dead = true;
    return new Killed();
  }
}
