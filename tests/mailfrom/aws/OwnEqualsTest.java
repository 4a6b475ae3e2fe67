package mailfrom.aws;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import mailfrom.domain.findings.DnsState;
import mailfrom.domain.findings.Finding;
import mailfrom.domain.findings.RecordToDo;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.name.DomainName;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Records that are compared by hand, for speed: each component counts, and nothing else does. */
class OwnEqualsTest {
  private static final int TRIES = 200;

  static Stream<Class<? extends Record>> records() {
    return Stream.of(IdentityState.class, DnsState.class, Finding.class, RecordToDo.class);
  }

  @ParameterizedTest
  @MethodSource("records")
  void eachComponentCounts(Class<? extends Record> type) throws ReflectiveOperationException {
    RecordComponent[] components = type.getRecordComponents();
    Set<String> differed = new TreeSet<>();
    Random random = new Random(1);
    for (int i = 0; i < TRIES; i++) {
      @Nullable Object[] one = values(Filled.random(type, random), components);
      @Nullable Object[] other = values(Filled.random(type, random), components);
      assertEquals(made(type, one), made(type, one));
      assertEquals(made(type, one).hashCode(), made(type, one).hashCode());
      for (int at = 0; at < components.length; at++) {
        @Nullable Object[] changed = one.clone();
        changed[at] = i % 2 == 0 ? otherName(other[at]) : other[at];
        boolean same = Objects.equals(one[at], changed[at]);
        assertEquals(same, made(type, one).equals(made(type, changed)), components[at]::getName);
        if (!same) {
          differed.add(components[at].getName());
        }
      }
    }
    assertEquals(
        Arrays.stream(components)
            .map(RecordComponent::getName)
            .collect(Collectors.toCollection(TreeSet::new)),
        differed);
  }

  /** Names are made by their components' names alone. */
  private static @Nullable Object otherName(@Nullable Object value) {
    return value instanceof DomainName name ? new DomainName("other." + name.value()) : value;
  }

  private static @Nullable Object[] values(Record record, RecordComponent[] components)
      throws ReflectiveOperationException {
    @Nullable Object[] values = new @Nullable Object[components.length];
    for (int i = 0; i < components.length; i++) {
      values[i] = components[i].getAccessor().invoke(record);
    }
    return values;
  }

  private static Record made(Class<? extends Record> type, @Nullable Object[] values)
      throws ReflectiveOperationException {
    Class<?>[] types =
        Arrays.stream(type.getRecordComponents())
            .map(RecordComponent::getType)
            .toArray(Class<?>[]::new);
    return type.getDeclaredConstructor(types).newInstance(values);
  }
}
