package mailfrom.app.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import mailfrom.app.read.LooksOnly;
import mailfrom.app.text.RecordsByHand.Mx;
import mailfrom.domain.dns.Answer;
import mailfrom.domain.dns.DnsDepth;
import mailfrom.domain.dns.DnsView;
import mailfrom.domain.dns.MxRecord;
import mailfrom.domain.dns.Views;
import mailfrom.domain.name.DomainName;
import mailfrom.local.LocalSes;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A month of one bad name server, which loses the MX record each second hour: what is told. */
@Tag("slow")
class FlippingNameServerTest {
  private static final String NAME = "example.com";
  private static final String MAIL_FROM = "bounce." + NAME;
  private static final int HOURS = 30 * 24;
  private static final int RUNS_AN_HOUR = 4;

  private final World world = new World();

  /** Whom the bad name server answers. */
  enum Meets {
    SES,
    /** SES meets the others; we meet it, ask all, and they disagree. */
    ONLY_US
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          SES;     USE_DEFAULT_VALUE; SES | `UseDefaultValue`
          SES;     REJECT_MESSAGE;    SES | `RejectMessage`
          ONLY_US; REJECT_MESSAGE;    only we: SES still says Success | either
          """)
  void aMonthOfItIsToldAsTheReadmeSays(Meets meets, LocalSes.OnMxFailure behavior, String row)
      throws IOException {
    world.dns.put(MAIL_FROM, Mx.RIGHT);
    world.ses.put(
        World.REGION,
        NAME,
        MAIL_FROM,
        behavior,
        LocalSes.Status.SUCCESS,
        world.time.instant().minus(Duration.ofDays(9)));
    boolean[] bad = {false};
    if (meets == Meets.ONLY_US) {
      world.seenDns =
          (LooksOnly) (name, depth) -> bad[0] ? lost(name, depth) : world.dns.look(name, depth);
    }
    hour();
    int before = world.taken.alerts().size();
    for (int hour = 1; hour <= HOURS; hour++) {
      bad[0] = hour % 2 == 1;
      if (meets == Meets.SES) {
        world.dns.put(MAIL_FROM, bad[0] ? Mx.NONE : Mx.RIGHT);
      }
      hour();
    }
    List<String> told = world.taken.reasons(NAME);
    String counted =
        "| %s | %d | %d | %d | %d | %d |"
            .formatted(
                row,
                Collections.frequency(told, "STARTED"),
                Collections.frequency(told, "FLAPPING"),
                Collections.frequency(told, "REMINDER"),
                Collections.frequency(told, "RECOVERED"),
                world.taken.alerts().size() - before);
    assertEquals(Set.of(), without(told, "STARTED", "FLAPPING", "REMINDER", "RECOVERED"));
    assertTrue(
        Files.readAllLines(Path.of("OPERATIONS.md")).contains(counted),
        () -> "OPERATIONS.md has no row " + counted);
  }

  private static Set<String> without(List<String> told, String... shown) {
    Set<String> others = new HashSet<>(told);
    others.removeAll(Set.of(shown));
    return others;
  }

  private void hour() {
    for (int i = 0; i < RUNS_AN_HOUR; i++) {
      var _ = world.read();
    }
  }

  /** The resolver met the bad server; of the zone's own, one has the record and one has not. */
  private DnsView lost(DomainName name, DnsDepth depth) {
    DnsView right = world.dns.look(name, depth);
    return depth == DnsDepth.OWN_SERVERS
        ? Views.from(right, Views.ofOwnServers(MxRecord.feedback(World.REGION).text(), "").source())
        : Views.with(right, new Answer.None<>(false));
  }
}
