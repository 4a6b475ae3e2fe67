package mailfrom.aws;

import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import mailfrom.domain.name.DomainName;
import mailfrom.domain.name.IdentityName;
import org.jspecify.annotations.Nullable;

/**
 * Records of any type, made component by component: each with a value that no absent one would read
 * as, or drawn at random, absences among them.
 */
final class Filled {
  private static final Instant T0 = Instant.parse("2026-11-23T10:00:00.250Z");
  private static final List<String> TEXTS =
      List.of("", "plain", "\"quoted\"", "a\nb", "zażółć ✓ 🎉", "\\", "{\"x\":1}");

  private final @Nullable Random random;
  private int made;

  private Filled(@Nullable Random random) {
    this.random = random;
  }

  /** A record of the type, the same one each time. */
  static <T extends Record> T of(Class<T> type) {
    return new Filled(null).record(type);
  }

  /** A record of the type, drawn at random. */
  static <T extends Record> T random(Class<T> type, Random random) {
    return new Filled(random).record(type);
  }

  private <T> T record(Class<T> type) {
    try {
      return type.cast(made(type));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private @Nullable Object value(AnnotatedType type, String name)
      throws ReflectiveOperationException {
    if (random != null && type.isAnnotationPresent(Nullable.class) && random.nextBoolean()) {
      return null;
    }
    if (type instanceof AnnotatedParameterizedType generic) {
      return members(generic, name);
    }
    Class<?> of = (Class<?>) type.getType();
    made++;
    if (of == boolean.class || of == Boolean.class) {
      return random == null || random.nextBoolean();
    }
    if (of == int.class || of == Integer.class) {
      return random == null ? made : random.nextInt(1_000_000);
    }
    if (of == long.class || of == Long.class) {
      return random == null ? made : random.nextLong(1_000_000);
    }
    if (of == String.class) {
      return random == null ? name : TEXTS.get(random.nextInt(TEXTS.size()));
    }
    if (of == Instant.class) {
      return random == null
          ? T0.plusSeconds(made)
          : Instant.ofEpochSecond(random.nextInt(2_000_000_000), random.nextInt(1_000_000_000));
    }
    if (of == Duration.class) {
      return Duration.ofSeconds(made);
    }
    if (of == DomainName.class) {
      return DomainName.of(label(name) + ".example.com");
    }
    if (of == IdentityName.class) {
      return IdentityName.of(label(name) + made + "@example.com");
    }
    if (of.isEnum()) {
      Object[] all = of.getEnumConstants();
      return all[random == null ? all.length - 1 : random.nextInt(all.length)];
    }
    return made(of);
  }

  private Object members(AnnotatedParameterizedType generic, String name)
      throws ReflectiveOperationException {
    AnnotatedType[] of = generic.getAnnotatedActualTypeArguments();
    Class<?> container =
        (Class<?>) ((java.lang.reflect.ParameterizedType) generic.getType()).getRawType();
    int size = random == null ? 1 : random.nextInt(3);
    if (container == Map.class) {
      Map<@Nullable Object, @Nullable Object> map = new HashMap<>();
      for (int i = 0; i < size; i++) {
        map.put(value(of[0], name), value(of[1], name));
      }
      return map;
    }
    List<@Nullable Object> members = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      members.add(value(of[0], name));
    }
    return container == Set.class ? new HashSet<>(members) : members;
  }

  private Object made(Class<?> type) throws ReflectiveOperationException {
    List<Class<?>> types = new ArrayList<>();
    for (RecordComponent component : type.getRecordComponents()) {
      types.add(component.getType());
    }
    Constructor<?> constructor = type.getDeclaredConstructor(types.toArray(Class<?>[]::new));
    constructor.setAccessible(true);
    while (true) {
      List<@Nullable Object> values = new ArrayList<>();
      for (RecordComponent component : type.getRecordComponents()) {
        values.add(value(component.getAnnotatedType(), component.getName()));
      }
      try {
        return constructor.newInstance(values.toArray());
      } catch (InvocationTargetException e) {
        // Some parts do not go together, such as a MAIL FROM domain without a status.
        if (random == null || !(e.getCause() instanceof IllegalArgumentException)) {
          throw e;
        }
      }
    }
  }

  private static String label(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
