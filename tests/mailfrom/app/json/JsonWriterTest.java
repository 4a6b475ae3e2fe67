package mailfrom.app.json;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Instant;
import mailfrom.domain.incident.Severity;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonWriterTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @Test
  void eachKindOfValueHasItsForm() {
    String text =
        new JsonWriter()
            .put("text", "a \"b\"\n")
            .put("number", 7)
            .put("half", 0.5)
            .put("true", true)
            .put("code", Severity.WARNING)
            .putWord("word", Severity.WARNING)
            .array("list")
            .add(Severity.INFO)
            .object()
            .put("in", "it")
            .end()
            .end()
            .object("nothing")
            .end()
            .text();
    assertEquals(
        """
        {"text":"a \\"b\\"\\n","number":7,"half":0.5,"true":true,"code":"WARNING","word":"warning",\
        "list":["INFO",{"in":"it"}],"nothing":{}}""",
        text);
  }

  @Test
  void whatIsAbsentIsNullWhateverItWouldBe() {
    assertEquals(
        "{\"a\":null,\"b\":null,\"c\":null,\"d\":null,\"e\":null,\"f\":null,\"g\":null}",
        new JsonWriter()
            .put("a", (String) null)
            .put("b", (Number) null)
            .put("c", (Boolean) null)
            .put("d", (Instant) null)
            .put("e", (Enum<?>) null)
            .putWord("f", null)
            .putNull("g")
            .text());
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          2026-11-23T10:00:00Z,           2026-11-23T10:00:00.000Z
          2026-11-23T10:00:00.25Z,        2026-11-23T10:00:00.250Z
          2026-11-23T10:00:00.123456789Z, 2026-11-23T10:00:00.123Z
          2026-11-23T10:00:59.999999999Z, 2026-11-23T10:00:59.999Z
          1969-12-31T23:59:59.9999Z,      1969-12-31T23:59:59.999Z
          """)
  void anInstantHasThreeDigitsOfASecond(Instant at, String text) {
    assertEquals("{\"at\":\"%s\"}".formatted(text), new JsonWriter().put("at", at).text());
  }

  @Property
  void anyTextIsReadAgainAsItWas(@ForAll String name, @ForAll String value)
      throws JsonProcessingException {
    String text = new JsonWriter().put(name, value).text();
    assertEquals(JSON.createObjectNode().put(name, value), JSON.readTree(text));
  }
}
