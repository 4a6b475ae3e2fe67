package mailfrom.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Locale;
import mailfrom.domain.dns.DmarcView;
import mailfrom.domain.dns.SpfVerdict;
import mailfrom.domain.dns.Views;
import mailfrom.domain.identity.Dmarc;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class DmarcTest {
  @ParameterizedTest
  @EnumSource(SpfVerdict.class)
  void underCustomItIsWhatReceiversSayOfSpf(SpfVerdict verdict) {
    Dmarc.Result expected =
        switch (verdict) {
          case COVERS_SES -> Dmarc.Result.PASS;
          case UNKNOWN -> Dmarc.Result.UNKNOWN;
          case MISSING, NEARLY, DUPLICATE, SYNTAX, TOO_MANY_LOOKUPS, NOT_INCLUDED ->
              Dmarc.Result.FAIL;
        };
    assertEquals(expected, spf(verdict, Views.relaxed()));
  }

  @ParameterizedTest
  @CsvSource({"false, true, PASS", "true, true, FAIL", "false, false, FAIL"})
  void aPassOfSpfCountsOnlyWhereItAligns(boolean strict, boolean aligns, Dmarc.Result expected) {
    assertEquals(expected, spf(SpfVerdict.COVERS_SES, Views.dmarc(strict, aligns)));
  }

  private static Dmarc.Result spf(SpfVerdict verdict, DmarcView dmarc) {
    return Dmarc.of(Samples.custom(true, Samples.dns(verdict, dmarc))).spf();
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
        Dmarc.of(Samples.custom(signs, Samples.dns(SpfVerdict.COVERS_SES, Views.relaxed())))
            .dkim()
            .name()
            .toLowerCase(Locale.ROOT));
  }

  @Test
  void amazonsesComNeverAligns() {
    assertEquals(Dmarc.Result.FAIL, Dmarc.of(Samples.fallback().state()).spf());
    assertEquals(
        Dmarc.Result.FAIL, Dmarc.of(Samples.neverAsked(Samples.key("a.com")).state()).spf());
  }
}
