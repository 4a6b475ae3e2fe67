package mailfrom.domain.identity;

import static mailfrom.domain.identity.TestingIdentity.T0;
import static mailfrom.domain.identity.TestingIdentity.live;
import static mailfrom.domain.identity.TestingIdentity.named;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.TreeSet;
import mailfrom.domain.dns.DmarcView;
import mailfrom.domain.dns.DnsView;
import mailfrom.domain.dns.SpfVerdict;
import mailfrom.domain.dns.Views;
import mailfrom.domain.effect.Cause;
import mailfrom.domain.effect.Effect;
import mailfrom.domain.effect.Phase;
import mailfrom.domain.findings.DnsState;
import mailfrom.domain.ses.SesView;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class DmarcTest {
  private static TestingIdentity custom(@Nullable Boolean dkimSigns) {
    return named("example.com")
        .sight(true, live(Views.NAME.value(), "RejectMessage", "Success"), dkimSigns)
        .standing(Effect.CUSTOM, null, Phase.LIVE);
  }

  private static DnsState looked(SpfVerdict spf, DmarcView dmarc) {
    DnsView view = Views.with(Views.healthy(), Views.spf(spf)).with(dmarc);
    return DnsState.NOTHING.after(view, SesView.UNREAD, "us-east-1", new TreeSet<>(), T0);
  }

  private static Dmarc.Result spf(SpfVerdict verdict, DmarcView dmarc) {
    return Dmarc.of(custom(true).build().withDns(looked(verdict, dmarc))).spf();
  }

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

  @Test
  void withoutALookNothingIsKnownOfSpf() {
    assertEquals(Dmarc.Result.UNKNOWN, Dmarc.of(custom(true).build()).spf());
    assertEquals(
        Dmarc.Result.UNKNOWN,
        Dmarc.of(custom(true).build().withDns(DnsState.of(Views.NAME))).spf(),
        "its MX was looked at, and its SPF was not");
  }

  @Test
  void aLookAtAnotherNameSaysNothing() {
    IdentityState other =
        named("example.com")
            .sight(true, live("mail.example.com", "UseDefaultValue", "Success"), true)
            .standing(Effect.CUSTOM, null, Phase.LIVE)
            .build();
    assertEquals(
        Dmarc.Result.UNKNOWN,
        Dmarc.of(other.withDns(looked(SpfVerdict.COVERS_SES, Views.relaxed()))).spf());
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "null",
      value = {"true, pass", "false, fail", "null, unknown"})
  void dkimIsWhatSesSays(@Nullable Boolean signs, String word) {
    assertEquals(word, Dmarc.of(custom(signs).build()).dkim().word());
  }

  /** Whatever its DNS says: amazonses.com never aligns, and what is refused passes nothing. */
  @ParameterizedTest
  @CsvSource(
      nullValues = "null",
      textBlock =
          """
          FALLBACK,   TEMPORARY_FAILURE, FAIL
          REJECTED,   FAILED,            FAIL
          DEFAULT,    null,              FAIL
          UNVERIFIED, VERIFICATION_LOST, UNKNOWN
          """)
  void underAnotherEffectTheRecordDoesNotMatter(
      Effect effect, @Nullable Cause cause, Dmarc.Result expected) {
    IdentityState state = custom(true).standing(effect, cause, null).build();
    assertEquals(
        expected, Dmarc.of(state.withDns(looked(SpfVerdict.COVERS_SES, Views.relaxed()))).spf());
  }
}
