package mailfrom.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Locale;
import mailfrom.domain.dns.FindingCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class DmarcTest {
  @ParameterizedTest
  @EnumSource(FindingCode.class)
  void underCustomSpfFailsByWhatIsFoundOfSpfOnly(FindingCode code) {
    Dmarc.Result expected =
        switch (code) {
          case SPF_MISSING, SPF_DUPLICATE, SPF_NOT_INCLUDED, DMARC_STRICT_SPF -> Dmarc.Result.FAIL;
          case DNS_UNAVAILABLE -> Dmarc.Result.UNKNOWN;
          case MX_MISSING,
              MX_MULTIPLE,
              MX_WRONG_HOST,
              MX_WRONG_SUFFIX,
              MX_DOUBLED_NAME,
              MX_OTHER_REGION,
              MX_PRIORITY,
              CNAME_PRESENT,
              ZONE_MISSING,
              DNS_SERVERS_DISAGREE,
              REGIONS_DIFFER ->
              Dmarc.Result.PASS;
        };
    assertEquals(expected, Dmarc.of(Samples.custom(true, Samples.dns(code))).spf());
  }

  @Test
  void withoutALookNothingIsKnownOfSpf() {
    assertEquals(Dmarc.Result.UNKNOWN, Dmarc.of(Samples.custom(true, null)).spf());
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "null",
      value = {"true, pass", "false, fail", "null, unknown"})
  void dkimIsWhatSesSays(Boolean signs, String word) {
    assertEquals(
        word,
        Dmarc.of(Samples.custom(signs, Samples.dns())).dkim().name().toLowerCase(Locale.ROOT));
  }

  @Test
  void amazonsesComNeverAligns() {
    assertEquals(Dmarc.Result.FAIL, Dmarc.of(Samples.fallback().state()).spf());
    assertEquals(
        Dmarc.Result.FAIL, Dmarc.of(Samples.neverAsked(Samples.key("a.com")).state()).spf());
  }
}
