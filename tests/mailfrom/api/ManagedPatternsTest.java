package mailfrom.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import mailfrom.domain.IdentityName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ManagedPatternsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      emptyValue = "",
      textBlock =
          """
          *                          | ''              | example.com        | true
          ''                         | ''              | example.com        | false
          example.com                | ''              | example.com        | true
          example.com                | ''              | a.example.com      | false
          *.example.com              | ''              | a.example.com      | true
          *.example.com              | ''              | a.b.example.com    | true
          *.example.com              | ''              | example.com        | false
          *.example.com              | ''              | ada@a.example.com  | true
          *@example.com              | ''              | ada@example.com    | true
          Example.COM , *.EXAMPLE.com| ''              | a.example.com      | true
          *                          | *.example.com   | a.example.com      | false
          *                          | CEO@example.com | Ceo@example.com    | false
          *                          | CEO@example.com | cfo@example.com    | true
          a*b*c.com                  | ''              | axxbyyc.com        | true
          a*b*c.com                  | ''              | axxcyyb.com        | false
          *example.com               | ''              | notexample.com     | true
          a.c                        | ''              | abc                | false
          """)
  void denyWinsOverAllow(String allow, String deny, String name, boolean managed) {
    ManagedPatterns patterns = ManagedPatterns.ofText(allow, deny);
    assertEquals(
        managed, IdentityName.parse(name).toOptional().map(patterns::manages).orElse(false));
  }

  @Test
  void noPatternTakesLong() {
    IdentityName name = IdentityName.of("a".repeat(60) + "." + "a".repeat(60) + ".com");
    assertFalse(ManagedPatterns.ofText("*a".repeat(30) + "*b", "").manages(name));
  }
}
