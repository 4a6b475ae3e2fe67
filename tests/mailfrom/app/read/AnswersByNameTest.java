package mailfrom.app.read;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import mailfrom.domain.name.IdentityName;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnswersByNameTest {

  /** Names that were asked for, texts that were answered under, and which is whose. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          example.com                       | Example.COM                       | example.com=Example.COM
          example.com                       | example.com                       | example.com=example.com
          News@example.com                  | News@EXAMPLE.COM                  | News@example.com=News@EXAMPLE.COM
          News@example.com                  | news@example.com                  | News@example.com=news@example.com
          news@example.com                  | NEWS@EXAMPLE.COM                  | news@example.com=NEWS@EXAMPLE.COM
          News@example.com news@example.com | news@example.com                  | news@example.com=news@example.com
          News@example.com NEWS@example.com | news@example.com                  |
          News@example.com news@example.com | News@example.com news@Example.com | News@example.com=News@example.com news@example.com=news@Example.com
          example.com                       | example.org                       |
          a..b@example.jp                   | A..B@example.jp                   | a..b@example.jp=A..B@example.jp
          xn--nxasmq6b.example              | XN--NXASMQ6B.EXAMPLE              | xn--nxasmq6b.example=XN--NXASMQ6B.EXAMPLE
          example.com other.example         | other.example EXAMPLE.com         | example.com=EXAMPLE.com other.example=other.example
          example.com other.example         | example.com EXAMPLE.com           | example.com=example.com
          example.com                       | exam..ple                         |
          example.com                       |                                   |
          """)
  void anAnswerIsThatOfTheNameItWasAskedForInWhateverCase(
      String asked, @Nullable String answered, @Nullable String whose) {
    Map<String, String> answers =
        words(answered).collect(Collectors.toMap(Function.identity(), Function.identity()));
    List<IdentityName> names = words(asked).map(IdentityName::of).toList();
    assertEquals(
        words(whose).collect(Collectors.joining(" ")),
        new TreeMap<>(AnswersByName.of(names, answers))
            .entrySet().stream().map(Object::toString).collect(Collectors.joining(" ")));
  }

  private static Stream<String> words(@Nullable String text) {
    return text == null ? Stream.of() : Arrays.stream(text.split(" "));
  }
}
