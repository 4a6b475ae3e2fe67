package mailfrom.bench;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * A stopwatch for what is outside of the function: every port is called through it.
 *
 * <p>Ports are called side by side: the time outside is that in which at least one call of one was
 * under way.
 */
final class Outside {
  private final LongSupplier nanoTime;
  private final List<Stay> stays = new ArrayList<>();

  /** Who is waited for. */
  enum Place {
    SES,
    DNS,
    TABLE,
    SLOT
  }

  private record Stay(Place place, long from, long until) {}

  Outside(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** The port, with each call timed. */
  <T> T timed(Class<T> port, T real, Place place) {
    return port.cast(
        Proxy.newProxyInstance(
            port.getClassLoader(),
            new Class<?>[] {port},
            (proxy, method, arguments) -> {
              long from = nanoTime.getAsLong();
              try {
                return method.invoke(real, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              } finally {
                add(new Stay(place, from, nanoTime.getAsLong()));
              }
            }));
  }

  private synchronized void add(Stay stay) {
    stays.add(stay);
  }

  /** The time outside since the last call of this, in all and by place; forgets it. */
  synchronized Spent take() {
    Map<Place, Duration> byPlace = new EnumMap<>(Place.class);
    for (Place place : Place.values()) {
      byPlace.put(place, union(Set.of(place)));
    }
    Spent spent = new Spent(union(Set.of(Place.values())), byPlace);
    stays.clear();
    return spent;
  }

  /** Time spent outside; the places may overlap. */
  record Spent(Duration all, Map<Place, Duration> byPlace) {}

  private Duration union(Set<Place> places) {
    long sum = 0;
    long covered = Long.MIN_VALUE;
    for (Stay stay : stays.stream().sorted(Comparator.comparingLong(Stay::from)).toList()) {
      if (places.contains(stay.place()) && stay.until() > covered) {
        sum += stay.until() - Math.max(stay.from(), covered);
        covered = stay.until();
      }
    }
    return Duration.ofNanos(sum);
  }
}
