package mailfrom.aws;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.FromStringDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;
import mailfrom.domain.DomainName;
import mailfrom.domain.IdentityName;

/** The text form of what a row keeps. A field that a reader does not know is passed over. */
final class StateJson {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .addModule(
              new SimpleModule()
                  .addSerializer(text(DomainName.class, DomainName::value))
                  .addDeserializer(DomainName.class, parser(DomainName.class, DomainName::new))
                  .addSerializer(text(IdentityName.class, IdentityName::value))
                  .addDeserializer(
                      IdentityName.class, parser(IdentityName.class, IdentityName::new))
                  .addSerializer(text(Instant.class, Instant::toString))
                  .addDeserializer(Instant.class, parser(Instant.class, Instant::parse))
                  .addSerializer(text(Duration.class, Duration::toString))
                  .addDeserializer(Duration.class, parser(Duration.class, Duration::parse)))
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(
                  JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
          .visibility(PropertyAccessor.ALL, JsonAutoDetect.Visibility.NONE)
          .visibility(PropertyAccessor.FIELD, JsonAutoDetect.Visibility.ANY)
          .visibility(PropertyAccessor.CREATOR, JsonAutoDetect.Visibility.ANY)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  private StateJson() {}

  static String write(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a state that has no text form", e);
    }
  }

  static <T> T read(String text, Class<T> type) {
    try {
      return MAPPER.readValue(text, type);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a row that cannot be read as " + type.getSimpleName(), e);
    }
  }

  private static <T> StdSerializer<T> text(Class<T> type, Function<T, String> text) {
    return new TextSerializer<>(type, text);
  }

  private static <T> FromStringDeserializer<T> parser(Class<T> type, Function<String, T> parse) {
    return new TextDeserializer<>(type, parse);
  }

  private static final class TextSerializer<T> extends StdSerializer<T> {
    private final transient Function<T, String> text;

    TextSerializer(Class<T> type, Function<T, String> text) {
      super(type);
      this.text = text;
    }

    @Override
    public void serialize(T value, JsonGenerator json, SerializerProvider provider)
        throws IOException {
      json.writeString(text.apply(value));
    }
  }

  private static final class TextDeserializer<T> extends FromStringDeserializer<T> {
    private final transient Function<String, T> parse;

    TextDeserializer(Class<T> type, Function<String, T> parse) {
      super(type);
      this.parse = parse;
    }

    @Override
    protected T _deserialize(String value, DeserializationContext context) {
      return parse.apply(value);
    }
  }
}
