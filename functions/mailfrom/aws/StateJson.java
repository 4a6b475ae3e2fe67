package mailfrom.aws;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;
import mailfrom.domain.name.DomainName;
import mailfrom.domain.name.IdentityName;
import org.jspecify.annotations.Nullable;

/**
 * The text form of what a row keeps: a record is an object of its components, in their order. What
 * is null is left out, and a field that a reader does not know is passed over.
 *
 * <p>By hand: a library that maps any class loads four hundred of its own at each start (the
 * decision of 2026-11-25 in {@code DECISIONS.md}).
 */
final class StateJson {
  private static final JsonFactory JSON = new JsonFactory();

  /** Types that are one text. */
  private static final Map<Class<?>, Function<String, Object>> TEXTS =
      Map.of(
          String.class, text -> text,
          DomainName.class, DomainName::new,
          IdentityName.class, IdentityName::new,
          Instant.class, InstantText::parse,
          Duration.class, Duration::parse);

  private static final ClassValue<Form> FORMS =
      new ClassValue<>() {
        @Override
        protected Form computeValue(Class<?> type) {
          return Form.of(type);
        }
      };

  /** Constants by their names. */
  private static final ClassValue<Map<String, Object>> CONSTANTS =
      new ClassValue<>() {
        @Override
        protected Map<String, Object> computeValue(Class<?> type) {
          Map<String, Object> constants = new HashMap<>();
          for (Object constant : type.getEnumConstants()) {
            constants.put(((Enum<?>) constant).name(), constant);
          }
          return constants;
        }
      };

  /** Texts that were read lately: many rows have the same ones, and a row has some twice. */
  private static final AtomicReferenceArray<String> RECENT = new AtomicReferenceArray<>(1024);

  private StateJson() {}

  static String write(Record value) {
    StringWriter text = new StringWriter(1024);
    try (JsonGenerator json = JSON.createGenerator(text)) {
      write(value, json);
    } catch (IOException | ReflectiveOperationException e) {
      throw new IllegalStateException("a state that has no text form", e);
    }
    return text.toString();
  }

  static <T extends Record> T read(String text, Class<T> type) {
    try (JsonParser json = JSON.createParser(text)) {
      json.nextToken();
      return type.cast(record(json, type));
    } catch (IOException | ReflectiveOperationException | RuntimeException e) {
      throw new IllegalStateException("a row that cannot be read as " + type.getSimpleName(), e);
    }
  }

  // ---- writing

  private static void write(Object value, JsonGenerator json)
      throws IOException, ReflectiveOperationException {
    switch (value) {
      case Boolean truth -> json.writeBoolean(truth);
      case Integer number -> json.writeNumber(number);
      case Long number -> json.writeNumber(number);
      case Collection<?> members -> {
        json.writeStartArray();
        for (Object member : members) {
          write(member, json);
        }
        json.writeEndArray();
      }
      case Map<?, ?> map -> {
        json.writeStartObject();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
          json.writeFieldName(text(entry.getKey()));
          write(entry.getValue(), json);
        }
        json.writeEndObject();
      }
      case Record all when !TEXTS.containsKey(all.getClass()) -> {
        json.writeStartObject();
        for (Component component : FORMS.get(all.getClass()).components()) {
          Object part = component.accessor().invoke(all);
          if (part != null) {
            json.writeFieldName(component.name());
            write(part, json);
          }
        }
        json.writeEndObject();
      }
      default -> json.writeString(text(value));
    }
  }

  private static String text(Object value) {
    return switch (value) {
      case DomainName name -> name.value();
      case IdentityName name -> name.value();
      case Enum<?> constant -> constant.name();
      case String text -> text;
      case Instant at -> InstantText.of(at);
      case Duration time -> time.toString();
      default -> throw new IllegalArgumentException("no text of " + value.getClass());
    };
  }

  // ---- reading

  private static @Nullable Object read(JsonParser json, Type type)
      throws IOException, ReflectiveOperationException {
    if (json.hasToken(JsonToken.VALUE_NULL)) {
      return null;
    }
    if (type instanceof ParameterizedType generic) {
      return read(json, (Class<?>) generic.getRawType(), generic.getActualTypeArguments());
    }
    Class<?> of = (Class<?>) type;
    if (of == boolean.class || of == Boolean.class) {
      return json.getBooleanValue();
    }
    if (of == int.class || of == Integer.class) {
      return json.getIntValue();
    }
    if (of == long.class || of == Long.class) {
      return json.getLongValue();
    }
    return of.isRecord() && !TEXTS.containsKey(of)
        ? record(json, of)
        : parse(known(json.getText()), of);
  }

  /** The same text, as one object where it was read lately: a run keeps all rows of a fleet. */
  private static String known(String text) {
    int place = text.hashCode() & (RECENT.length() - 1);
    String recent = RECENT.get(place);
    if (text.equals(recent)) {
      return recent;
    }
    RECENT.set(place, text);
    return text;
  }

  private static Object read(JsonParser json, Class<?> container, Type[] of)
      throws IOException, ReflectiveOperationException {
    if (container == Map.class) {
      expect(JsonToken.START_OBJECT, json);
      Map<Object, @Nullable Object> map = new LinkedHashMap<>();
      for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
        json.nextToken();
        map.put(parse(name, (Class<?>) of[0]), read(json, of[1]));
      }
      return map;
    }
    expect(JsonToken.START_ARRAY, json);
    Collection<@Nullable Object> members =
        container == Set.class ? new LinkedHashSet<>() : new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      members.add(read(json, of[0]));
    }
    return members;
  }

  private static Object parse(String text, Class<?> type) {
    Function<String, Object> known = TEXTS.get(type);
    if (known != null) {
      return known.apply(text);
    }
    Object constant = CONSTANTS.get(type).get(text);
    if (constant == null) {
      throw new IllegalArgumentException("no " + type.getSimpleName() + " " + text);
    }
    return constant;
  }

  private static Object record(JsonParser json, Class<?> type)
      throws IOException, ReflectiveOperationException {
    expect(JsonToken.START_OBJECT, json);
    Form form = FORMS.get(type);
    @Nullable Object[] values = new Object[form.components().size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = form.components().get(i).absent();
    }
    for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
      json.nextToken();
      Integer index = form.indices().get(name);
      if (index == null) {
        json.skipChildren();
      } else if (!json.hasToken(JsonToken.VALUE_NULL)) {
        values[index] = read(json, form.components().get(index).type());
      }
    }
    return form.constructor().newInstance(values);
  }

  private static void expect(JsonToken token, JsonParser json) {
    if (!json.hasToken(token)) {
      throw new IllegalArgumentException("%s in place of %s".formatted(json.currentToken(), token));
    }
  }

  /** What a component is when a row does not have it. */
  private static @Nullable Object absent(Class<?> type) {
    if (type == boolean.class) {
      return false;
    }
    if (type == int.class) {
      return 0;
    }
    return type == long.class ? 0L : type == List.class ? List.of() : null;
  }

  /**
   * A component of a record, as reflection tells it once.
   *
   * @param absent what it is when a row does not have it
   */
  private record Component(String name, Type type, Method accessor, @Nullable Object absent) {}

  /**
   * How a record is made.
   *
   * @param indices of the components, by name
   */
  private record Form(
      List<Component> components, Map<String, Integer> indices, Constructor<?> constructor) {

    static Form of(Class<?> type) {
      RecordComponent[] all = type.getRecordComponents();
      List<Component> components = new ArrayList<>();
      Map<String, Integer> indices = new HashMap<>();
      Class<?>[] types = new Class<?>[all.length];
      for (int i = 0; i < all.length; i++) {
        RecordComponent one = all[i];
        components.add(
            new Component(
                one.getName(), one.getGenericType(), one.getAccessor(), absent(one.getType())));
        indices.put(one.getName(), i);
        types[i] = one.getType();
      }
      try {
        return new Form(components, indices, type.getDeclaredConstructor(types));
      } catch (NoSuchMethodException e) {
        throw new IllegalStateException("each record has a constructor of its components", e);
      }
    }
  }
}
