package mailfrom.domain.identity;

import static mailfrom.domain.identity.TestingIdentity.T0;
import static mailfrom.domain.identity.TestingIdentity.applied;
import static mailfrom.domain.identity.TestingIdentity.live;
import static mailfrom.domain.identity.TestingIdentity.named;
import static mailfrom.domain.identity.TestingIdentity.staged;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.Collectors;
import mailfrom.domain.desired.DesiredState;
import mailfrom.domain.desired.Drift;
import mailfrom.domain.findings.DnsState;
import mailfrom.domain.findings.RecordToDo;
import mailfrom.domain.name.DomainName;
import mailfrom.domain.ses.Live;
import mailfrom.domain.ses.Settings;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MailFromDnsTest {

  /** MX by what is known of it; the names without their zone, {@code example.com}. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      textBlock =
          """
          # asked | as it is   | live   | had    | looked at | of which domain, and its records
          bounce  | applied    | bounce | bounce | bounce    | bounce: bounce MX known
          bounce  | applied    | bounce | bounce | -         | bounce: bounce MX, bounce TXT
          bounce  | pending    | old    | old    | old       | bounce: bounce MX, bounce TXT
          bounce  | pending    | old    | old    | bounce    | bounce: bounce MX known
          bounce  | drifted    | mailer | mailer | mailer    | bounce: bounce MX, bounce TXT
          bounce  | drifted    | mailer | mailer | bounce    | bounce: bounce MX known
          bounce  | drifted    | -      | mailer | mailer    | bounce: bounce MX, bounce TXT
          bounce  | drifted    | bounce | bounce | bounce    | bounce: bounce MX known
          nothing | drifted    | mailer | mailer | mailer    | nothing:
          nothing | applied    | -      | -      | -         | nothing:
          never   | -          | bounce | bounce | bounce    | bounce: bounce MX known
          never   | -          | bounce | bounce | -         | bounce:
          never   | -          | -      | bounce | bounce    | bounce: bounce MX known
          never   | -          | -      | -      | -         | nothing:
          """)
  void nobodyIsToldToPublishWhatSomebodyElsePutInThePlaceOfWhatIsWanted(
      String asked,
      @Nullable String how,
      @Nullable String live,
      @Nullable String had,
      @Nullable String lookedAt,
      String expected) {
    TestingIdentity identity = named("example.com").sight(true, ses(live), true);
    IdentityState seen = (had == null ? identity : identity.had(had + ".example.com")).build();
    IdentityState state =
        how == null
            ? seen
            : seen.withDesired(
                desired(asked.equals("nothing") ? null : asked, how, ses(live).settings()));
    MailFromDns dns = MailFromDns.of(lookedAt == null ? state : lookedAt(state, lookedAt));
    assertEquals(
        expected,
        "%s: %s"
            .formatted(
                dns.domain() == null ? "nothing" : label(dns.domain()),
                dns.records().stream().map(MailFromDnsTest::text).collect(Collectors.joining(", ")))
            .strip());
  }

  private static Live ses(@Nullable String label) {
    return live(domain(label), "UseDefaultValue", label == null ? null : "Success");
  }

  private static @Nullable String domain(@Nullable String label) {
    return label == null ? null : label + ".example.com";
  }

  private static DesiredState desired(@Nullable String asked, String how, Settings live) {
    DesiredState applied = applied(staged(domain(asked), "UseDefaultValue"));
    return switch (how) {
      case "applied" -> applied;
      case "drifted" -> applied.drifted(new Drift(live, T0, null, null));
      case "pending" ->
          DesiredState.asked(
              applied(staged("old.example.com", "UseDefaultValue")), applied.desired(), "mia", T0);
      default -> throw new IllegalArgumentException(how);
    };
  }

  private static IdentityState lookedAt(IdentityState state, String label) {
    DomainName name = DomainName.of(label + ".example.com");
    RecordToDo known = RecordToDo.mx(name, DomainName.of("example.com"), "us-east-1");
    return state.withDns(DnsState.of(name).with(List.of(), List.of(known)));
  }

  private static String text(RecordToDo item) {
    return "%s %s%s"
        .formatted(label(item.name()), item.type(), item.zone() == null ? "" : " known");
  }

  private static String label(DomainName name) {
    return name.value().substring(0, name.value().indexOf('.'));
  }
}
