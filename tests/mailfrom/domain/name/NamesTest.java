package mailfrom.domain.name;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          example.com         | example.com
          EXAMPLE.Com         | example.com
          example.com.        | example.com
          bücher.example      | xn--bcher-kva.example
          BÜCHER.example      | xn--bcher-kva.example
          XN--BCHER-KVA.example | xn--bcher-kva.example
          例え.jp              | xn--r8jz45g.jp
          _dmarc.example.com  | _dmarc.example.com
          a-b.example.com     | a-b.example.com
          example。com         | example.com
          a0z9.example        | a0z9.example
          example.9a          | example.9a
          example.a0          | example.a0
          """)
  void aDomainHasOneNormalForm(String text, String normal) {
    assertEquals(normal, DomainName.of(text).value());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "com",
        ".example.com",
        "a..example.com",
        "example.com..",
        "exa mple.com",
        "example.com\n",
        "\u0000.example.com",
        "-a.example.com",
        "a-.example.com",
        "a/b.example.com",
        "a*.example.com",
        "*.example.com",
        "192.0.2.1",
        "192.0.2.0",
        "192.0.2.9",
        "a`.example.com",
        "a{.example.com",
        "a:.example.com",
        "exa\u2003mple.com",
        "example\u007f.com",
        "straße.example",
        "βόλος.example",
        "a\u200db.example",
        "a\u200cb.example"
      })
  void whatIsNotADomainIsRefusedWithAReason(String text) {
    assertTrue(
        DomainName.parse(text) instanceof Parsed.Malformed<DomainName>(String message)
            && !message.isBlank());
  }

  @ParameterizedTest
  @CsvSource({"ß", "ς", "\u200c", "\u200d"})
  void charactersThatStandardsSpellDifferentlyComeWithTheAdviceToGiveTheALabel(String character) {
    assertTrue(
        DomainName.parse("a" + character + "b.example")
                instanceof Parsed.Malformed<DomainName>(String message)
            && message.contains("xn--"));
  }

  @ParameterizedTest
  @ValueSource(chars = {'a', '~'})
  void ofANameInAsciiTheLongLabelIsToldWithItsLength(char last) {
    assertTrue(
        DomainName.parse("a".repeat(63) + last + ".com")
                instanceof Parsed.Malformed<DomainName>(String message)
            && message.contains("64 characters"));
  }

  @ParameterizedTest
  @CsvSource({"63, true", "64, false"})
  void aLabelHasAtMost63Characters(int length, boolean ok) {
    assertEquals(ok, DomainName.parse("a".repeat(length) + ".com").toOptional().isPresent());
  }

  @ParameterizedTest
  @CsvSource({"253, true", "254, false"})
  void aNameHasAtMost253Characters(int length, boolean ok) {
    String name = ofLength(length);
    assertEquals(length, name.length());
    assertEquals(ok, DomainName.parse(name).toOptional().isPresent());
    assertEquals(ok, DomainName.parse(name + ".").toOptional().isPresent());
  }

  private static String ofLength(int length) {
    String three = ("a".repeat(63) + ".").repeat(3);
    int left = length - three.length();
    return three + "b".repeat(left - 4) + ".com";
  }

  @ParameterizedTest
  @CsvSource({
    "bounce.example.com, example.com, true",
    "a.b.example.com,    example.com, true",
    "example.com,        example.com, false",
    "evilexample.com,    example.com, false",
    "bounce.evilexample.com, example.com, false",
    "com.example,        example.com, false",
    "example.com,        bounce.example.com, false"
  })
  void aSubdomainIsComparedLabelByLabel(String name, String ancestor, boolean below) {
    assertEquals(below, DomainName.of(name).isBelow(DomainName.of(ancestor)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          Mia@Example.COM           | Mia@example.com
          mia@bücher.example.       | mia@xn--bcher-kva.example
          "a b"@example.com         | "a b"@example.com
          "a@b"@example.com         | "a@b"@example.com
          a@b@example.com           | a@b@example.com
          .aaa..bbbb.@example.com   | .aaa..bbbb.@example.com
          jörg@example.com          | jörg@example.com
          o'brien+x@example.com     | o'brien+x@example.com
          Example.com               | example.com
          """)
  void anAddressKeepsItsLocalPartWhateverThatIs(String text, String normal) {
    assertEquals(normal, IdentityName.of(text).value());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "@example.com",
        "mia@",
        "mia@com",
        "mia@exa mple.com",
        "m\u0000a@example.com",
        "\"a\nb\"@example.com"
      })
  void whatIsNotAnAddressIsRefused(String text) {
    assertTrue(IdentityName.parse(text).toOptional().isEmpty());
  }

  @ParameterizedTest
  @CsvSource({"320, true", "321, false"})
  void anIdentityHasAtMost320Characters(int length, boolean ok) {
    String local = "a".repeat(length - "@example.com".length());
    assertEquals(ok, IdentityName.parse(local + "@example.com").toOptional().isPresent());
  }

  @Test
  void whatIsMissingOfAnAddressIsSaid() {
    assertTrue(
        IdentityName.parse("@example.com") instanceof Parsed.Malformed<IdentityName>(String message)
            && message.contains("nothing before its '@'"));
  }

  @Test
  void namesAreOrderedByTheirText() {
    assertEquals(
        List.of(DomainName.of("a.example.com"), DomainName.of("b.example.com")),
        Stream.of("b.example.com", "a.example.com").map(DomainName::of).sorted().toList());
    assertEquals(
        List.of(IdentityName.of("a@example.com"), IdentityName.of("example.com")),
        Stream.of("example.com", "a@example.com").map(IdentityName::of).sorted().toList());
  }

  @Test
  void aKeyIsWrittenFromTheWidestPartToTheName() {
    assertEquals(
        "123456789012/us-east-1/Mia@example.com",
        new IdentityKey("123456789012", "us-east-1", IdentityName.of("Mia@example.com"))
            .toString());
  }

  @ParameterizedTest
  @CsvSource({
    "arn:aws:ses:us-east-1:123456789012:identity/Example.com, example.com",
    "arn:aws-us-gov:ses:us-gov-west-1:123456789012:identity/Mia@Example.com, Mia@example.com",
    "Example.com, example.com"
  })
  void anIdentityMayComeAsAnArn(String text, String name) {
    assertEquals(name, IdentityName.ofNameOrArn(text).orElseThrow().value());
  }

  @Test
  void theNextLessGranularIdentityIsTheDomainAndThenItsParents() {
    IdentityName address = IdentityName.of("mia@mail.example.com");
    assertEquals(Optional.of(IdentityName.of("mail.example.com")), address.parent());
    assertEquals(
        Optional.of(IdentityName.of("example.com")), IdentityName.of("mail.example.com").parent());
    assertEquals(Optional.empty(), IdentityName.of("example.com").parent());
  }
}
