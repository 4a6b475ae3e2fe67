package mailfrom.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Hostile and odd requests, as hostile-requests.txt lists them: none is a 5xx, none gets through
 * unless valid, each is explained.
 */
class HostileRequestsTest {
  private static final String OK = "{\"mailFromDomain\":\"bounce.example.com\"}";
  private static final Pattern TIMES = Pattern.compile("\\{\\{(.+?)\\*(\\d+)}}");
  private static final Pattern CHARACTER = Pattern.compile("\\{\\{U\\+([0-9A-F]{4})}}");
  private static final Pattern ENCODED = Pattern.compile("\\{\\{~([^{}]*)}}");

  static Stream<Arguments> requests() throws IOException {
    try (InputStream table =
        HostileRequestsTest.class.getResourceAsStream("hostile-requests.txt")) {
      return new String(table.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isEmpty() && !line.startsWith("#"))
          .map(line -> line.split("\\|", 4))
          .map(
              cell ->
                  Arguments.of(
                      cell[1].strip(),
                      request(cell[2].strip(), expanded(cell[3].strip())),
                      cell[0].strip()));
    }
  }

  private static TestEvents request(String kind, String value) {
    return switch (kind) {
      case "GET" -> TestEvents.get(value);
      case "GET with body" -> TestEvents.get("example.com").body(value);
      case "PUT" -> put(value);
      case "field" -> put("{\"mailFromDomain\":\"bounce.example.com\"," + value + "}");
      case "labels" -> request("field", "\"labels\":{" + value + "}");
      case "name" -> put("{\"mailFromDomain\":\"" + value + "\"}");
      case "no body" -> put("").body(null);
      case "base64" -> put("").base64(value);
      case "header" -> put(OK).header(before(":", value), after(":", value).strip());
      case "no header" -> put(OK).noHeader(value);
      case "PUT query" -> put(OK).query(before("=", value), after("=", value));
      case "GET query" ->
          TestEvents.get("example.com").query(before("=", value), after("=", value));
      case "fleet query" -> query("/v1/identities", value);
      case "summary query" -> query("/v1/summary", value);
      case "call" ->
          TestEvents.request(before("/", value).strip(), value.replaceFirst("^[A-Za-z]+ ?", ""));
      default -> throw new IllegalArgumentException(kind);
    };
  }

  private static TestEvents put(String body) {
    return TestEvents.put("example.com", body);
  }

  private static TestEvents query(String path, String parameter) {
    return TestEvents.request("GET", path).query(before("=", parameter), after("=", parameter));
  }

  private static String before(String separator, String text) {
    return text.split(separator, 2)[0];
  }

  private static String after(String separator, String text) {
    return text.substring(text.indexOf(separator) + 1);
  }

  private static String expanded(String value) {
    String text = value.replace("{{OK}}", OK);
    text = all(TIMES, text, m -> m.group(1).repeat(Integer.parseInt(m.group(2))));
    text = all(CHARACTER, text, m -> "" + (char) Integer.parseInt(m.group(1), 16));
    while (ENCODED.matcher(text).find()) {
      text = all(ENCODED, text, m -> TestEvents.encoded(m.group(1)));
    }
    return text;
  }

  private static String all(Pattern pattern, String text, Function<MatchResult, String> by) {
    return pattern.matcher(text).replaceAll(match -> Matcher.quoteReplacement(by.apply(match)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("requests")
  void onlyWhatIsValidGetsThroughAndTheRestIsExplained(
      String name, TestEvents request, String expected) {
    Door door = Door.ofOneRegion();
    Door.Answer answer = door.ask(request);
    assertEquals(before(" ", expected), Integer.toString(answer.status()), answer.text());
    assertEquals(answer.status() == 200 ? 1 : 0, door.calls.made.size());
    if (answer.status() != 200) {
      isExplained(answer, expected);
    }
  }

  private static void isExplained(Door.Answer answer, String expected) {
    assertFalse(answer.json().get("detail").textValue().isBlank());
    JsonNode violations = answer.json().get("violations");
    if (!expected.contains(" ")) {
      assertEquals(0, violations.size());
    } else {
      assertTrue(
          violations.findValuesAsText("code").contains(after(" ", expected)),
          () -> "no " + expected + answer.text());
    }
    for (String message : violations.findValuesAsText("message")) {
      assertTrue(message.length() < 500, "a message that repeats the request");
      assertTrue(message.endsWith("."), message);
    }
  }
}
