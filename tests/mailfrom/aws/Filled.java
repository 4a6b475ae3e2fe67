package mailfrom.aws;

import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import mailfrom.domain.name.DomainName;
import mailfrom.domain.name.IdentityName;

/** Records in which each component has a value that no absent one would read as. */
final class Filled {
  private static final Instant T0 = Instant.parse("2026-11-23T10:00:00.250Z");

  private int made;

  private Filled() {}

  /** A record of the type, the same one each time. */
  static <T extends Record> T of(Class<T> type) {
    try {
      return type.cast(new Filled().value(type, type.getSimpleName()));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private Object value(Type type, String name) throws ReflectiveOperationException {
    if (type instanceof ParameterizedType generic) {
      Type[] of = generic.getActualTypeArguments();
      Class<?> container = (Class<?>) generic.getRawType();
      if (container == Map.class) {
        return Map.of(value(of[0], name), value(of[1], name));
      }
      return container == Set.class ? Set.of(value(of[0], name)) : List.of(value(of[0], name));
    }
    Class<?> of = (Class<?>) type;
    made++;
    if (of == boolean.class || of == Boolean.class) {
      return true;
    }
    if (of == int.class || of == Integer.class) {
      return made;
    }
    if (of == long.class || of == Long.class) {
      return (long) made;
    }
    if (of == String.class) {
      return name;
    }
    if (of == Instant.class) {
      return T0.plusSeconds(made);
    }
    if (of == Duration.class) {
      return Duration.ofSeconds(made);
    }
    if (of == DomainName.class) {
      return DomainName.of(label(name) + ".example.com");
    }
    if (of == IdentityName.class) {
      return IdentityName.of(label(name) + "@example.com");
    }
    return of.isEnum() ? of.getEnumConstants()[of.getEnumConstants().length - 1] : made(of);
  }

  private Object made(Class<?> type) throws ReflectiveOperationException {
    List<Object> values = new ArrayList<>();
    List<Class<?>> types = new ArrayList<>();
    for (RecordComponent component : type.getRecordComponents()) {
      values.add(value(component.getGenericType(), component.getName()));
      types.add(component.getType());
    }
    Constructor<?> constructor = type.getDeclaredConstructor(types.toArray(Class<?>[]::new));
    constructor.setAccessible(true);
    return constructor.newInstance(values.toArray());
  }

  private static String label(String name) {
    return name.toLowerCase(java.util.Locale.ROOT);
  }
}
