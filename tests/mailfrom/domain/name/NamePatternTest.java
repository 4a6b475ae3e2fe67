package mailfrom.domain.name;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamePatternTest {
  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          # pattern,          name,              matches
          example.com,        example.com,       true
          example.com,        Example.COM,       true
          EXAMPLE.com,        example.com,       true
          example.com,        an.example.com,    false
          *,                  example.com,       true
          *.example.com,      an.example.com,    true
          *.example.com,      example.com,       false
          *.example.com,      a.b.example.com,   true
          example.*,          example.com,       true
          *@example.com,      ada@example.com,   true
          a*c.d*f.com,        abc.def.com,       true
          a*c.d*f.com,        ac.df.com,         true
          a*c.d*f.com,        abc.de.com,        false
          **.example.com,     an.example.com,    true
          aa*aa.com,          aaa.com,           false
          aa*aa.com,          aaaa.com,          true
          *ab*ab*.com,        xabab.com,         true
          *ab*ab*.com,        xabb.com,          false
          an.+,               an.example,        false
          """)
  void aStarStandsForAnyCharacters(String pattern, String name, boolean matches) {
    assertEquals(matches, NamePattern.of(pattern).matches(IdentityName.of(name)));
  }

  @Test
  void aPatternOfManyStarsIsDecidedAtOnce() {
    String name = ("a".repeat(60) + ".").repeat(4) + "com";
    assertFalse(NamePattern.of("*a".repeat(150) + "*b").matches(IdentityName.of(name)));
  }
}
