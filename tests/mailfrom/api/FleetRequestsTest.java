package mailfrom.api;

import static mailfrom.api.TestEvents.get;
import static mailfrom.api.TestEvents.mailFrom;
import static mailfrom.api.TestEvents.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import mailfrom.app.fleet.FleetCounts;
import mailfrom.app.fleet.FleetFact;
import mailfrom.app.fleet.FleetFilter;
import mailfrom.app.settings.SettingsApi;
import mailfrom.app.store.RegionState;
import mailfrom.domain.effect.Effect;
import mailfrom.domain.effect.Phase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FleetRequestsTest {
  private final Door door = Door.ofOneRegion();

  @Test
  void allFiltersOfTheFleetAreHandedOver() {
    TestEvents request =
        request("GET", "/v1/identities")
            .query("q", "exam")
            .query("q", "ple")
            .query("label", "customer=4711,b")
            .query("label", "team")
            .query("region", "us-east-1")
            .query("limit", "1000");
    Map<FleetFact, Set<String>> facts = new EnumMap<>(FleetFact.class);
    for (FleetFact fact : FleetFact.values()) {
      fact.words().forEach(word -> request.query(fact.word(), word));
      facts.put(fact, Set.copyOf(fact.words()));
    }
    door.ask(request);
    assertEquals(
        new SettingsApi.FleetQuery(
            new FleetFilter(
                Set.of("exam", "ple"),
                Set.of("customer=4711,b", "team"),
                Set.of("us-east-1"),
                facts),
            1000,
            null),
        door.calls.queries.getFirst());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          severity=warning,critical | severity is "warning,critical". Give the parameter once for each value
          trouble=DOWN              | trouble is "DOWN". Give one of: NOT_COVERED, SPF_BROKEN, FALLBACK, REJECTED, UNVERIFIED.
          drift=yes                 | drift is "yes". Give one of: true, false.
          label=customer:c105       | label is "customer:c105". Give name or name=value.
          label=                    | label is "". Give name or name=value.
          region=eu-west-1          | The Region "eu-west-1" is not watched. Watched: us-east-1.
          limit=1                   | limit is given more than once. Give it once.
          """)
  void whatCanFindNothingIsToldInsteadOfFindingNothing(String query, String message) {
    Door.Answer answer = door.ask(get(URI.create("/v1/identities?limit=9&" + query)));
    assertEquals(400, answer.status());
    String told = answer.json().get("violations").get(0).get("message").textValue();
    assertTrue(told.startsWith(message), told);
  }

  @Test
  void theCursorOfAPageGoesOnWithTheSameQuestionOnly() {
    door.calls.page = new SettingsApi.FleetPage(List.of(Samples.fallback()), "row 1");
    String cursor =
        door.ask(request("GET", "/v1/identities").query("effect", "FALLBACK"))
            .json()
            .get("nextCursor")
            .textValue();
    assertEquals("ZDk5ODEzOWZyb3cgMQ", cursor, "what is given out today is taken tomorrow");
    Door.Answer same =
        door.ask(
            request("GET", "/v1/identities")
                .query("effect", "FALLBACK")
                .query("limit", "5")
                .query("cursor", cursor));
    assertEquals(200, same.status());
    assertEquals("row 1", door.calls.queries.getLast().cursor());
    Door.Answer other = door.ask(request("GET", "/v1/identities").query("cursor", cursor));
    assertEquals(List.of("INVALID_VALUE null"), other.violations());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          text/csv                                | text/csv; charset=utf-8
          text/csv, */*;q=0.1                     | text/csv; charset=utf-8
          application/json;q=0.5, text/csv;q=0.9  | text/csv; charset=utf-8
          application/json, text/csv              | application/json
          text/csv;q=0                            | application/json
          text/plain                              | text/plain; charset=utf-8
          text/csv;q=0.5, text/dns                | text/dns; charset=utf-8
          */*                                     | application/json
          image/png                               | application/json
          """)
  void theFleetIsCsvWhenThatIsWanted(String accept, String contentType) {
    Door.Answer answer = door.ask(request("GET", "/v1/identities").header("accept", accept));
    assertEquals(contentType, answer.header("Content-Type"));
  }

  @Test
  void csvHasALineAnIdentityAndItsCursorInAHeader() {
    door.calls.page =
        new SettingsApi.FleetPage(
            List.of(
                Samples.fallback(),
                Samples.neverAsked(Samples.key("\"a,b\"@example.com")),
                Samples.neverAsked(Samples.key("=a@example.com"))),
            "row 2");
    Door.Answer answer = door.ask(request("GET", "/v1/identities").header("accept", "text/csv"));
    List<String> lines = answer.text().lines().toList();
    assertEquals(
        "us-east-1,example.com,FALLBACK,TEMPORARY_FAILURE,live,FALLBACK,warning,false,2026-11-23"
            + " 10:00:00,2026-11-23 09:45:00,2026-11-26"
            + " 09:45:00,bounce.example.com,UseDefaultValue,TemporaryFailure,2026-11-23"
            + " 10:15:00,bounce.example.com,UseDefaultValue,staged,APPLIED,,,,fail,pass,STARTED,2026-11-23"
            + " 10:00:00,ALREADY_TOLD,,MX_MISSING,4711",
        lines.get(1));
    assertTrue(lines.getFirst().endsWith(",findings,label:customer"), lines.getFirst());
    assertEquals(
        "attachment; filename=\"mail-from-2026-11-24.csv\"", answer.header("Content-Disposition"));
    assertTrue(lines.get(2).contains(",\"\"\"a,b\"\"@example.com\","), lines.get(2));
    assertTrue(lines.get(3).contains(",'=a@example.com,"), "no formula for a spreadsheet");
    assertTrue(answer.text().endsWith("\r\n"));
    assertFalse(answer.header("Next-Cursor").isEmpty());
  }

  @Test
  void anIntrudersDomainIsNeverToldToBePublishedInJsonOrCsv() {
    door.calls.outcome = new SettingsApi.Outcome.Shown(Samples.drifted(), false, null, List.of());
    JsonNode json = door.ask(request("GET", mailFrom("example.com"))).json();
    assertEquals(
        Door.CONTRACT.read(
            """
            [{"name":"bounce.example.com","type":"MX","zone":null,"host":null,"priority":10,"value":"feedback-smtp.us-east-1.amazonses.com","ttl":300,"state":"add"},
             {"name":"bounce.example.com","type":"TXT","zone":null,"host":null,"priority":null,"value":"v=spf1 include:amazonses.com ~all","ttl":300,"state":"add"}]
            """),
        json.get("records"));
    assertTrue(json.get("findings").isEmpty(), () -> "of another domain: " + json.get("findings"));
    door.calls.page = new SettingsApi.FleetPage(List.of(Samples.drifted()), null);
    Door.Answer records =
        door.ask(
            request("GET", "/v1/identities").query("view", "records").header("accept", "text/csv"));
    assertFalse(records.text().contains("mailer.example.com"), records.text());
    assertTrue(
        records.text().contains("bounce.example.com,MX,10,feedback-smtp.us-east-1"),
        records.text());
    String identities =
        door.ask(request("GET", "/v1/identities").header("accept", "text/csv")).text();
    assertFalse(identities.contains("MX_MISSING"), identities);
  }

  @Test
  void theRecordsOfTheFleetAreALineEach() {
    door.calls.page =
        new SettingsApi.FleetPage(
            List.of(Samples.fallback(), Samples.neverAsked(Samples.key("example.org"))), null);
    Door.Answer answer =
        door.ask(
            request("GET", "/v1/identities").query("view", "records").header("accept", "text/csv"));
    assertEquals(
        """
        region,identity,state,zone,host,name,type,priority,value,ttl,why,label:customer
        us-east-1,example.com,add,example.com,bounce,bounce.example.com,MX,10,feedback-smtp.us-east-1.amazonses.com,300,\
        "Amazon SES uses the domain only while it finds this record, and bounces come back by it.",4711
        us-east-1,example.com,present,example.com,bounce,bounce.example.com,TXT,,v=spf1 include:amazonses.com ~all,300,\
        It tells receivers that Amazon SES may send for the domain (SPF).,4711
        """,
        answer.text().replace("\r\n", "\n"));
    assertEquals(
        "attachment; filename=\"mail-from-records-2026-11-24.csv\"",
        answer.header("Content-Disposition"));
    Door.Answer json = door.ask(request("GET", "/v1/identities").query("view", "records"));
    assertEquals(List.of("INVALID_VALUE null"), json.violations());
  }

  @Test
  void aPageTooLargeForLambdaIsMadeShorter() {
    door.calls.page =
        new SettingsApi.FleetPage(Collections.nCopies(6000, Samples.fallback()), null);
    Door.Answer answer = door.ask(request("GET", "/v1/identities"));
    assertTrue(answer.text().length() < 3_500_001);
    assertFalse(answer.json().get("nextCursor").isNull());
  }

  @Test
  void theSummaryCountsAndSaysHowTheLastRunWent() {
    Instant at = Instant.parse("2026-11-24T09:45:00Z");
    RegionState.LastRun run =
        new RegionState.LastRun(at, Duration.ofMillis(1200), 12, 11, 1, false);
    RegionState ran =
        RegionState.unseen("us-east-1")
            .with(new RegionState.Reading(run, null, 0, null, null, null, null))
            .with(new RegionState.NotAsked(null, null, null, null, List.of("mia@")));
    door.calls.summary =
        new SettingsApi.Summary(
            List.of(
                new SettingsApi.RegionSummary(
                    ran,
                    new FleetCounts(
                        at,
                        Map.of(Effect.CUSTOM, 9, Effect.FALLBACK, 3),
                        Map.of(Phase.LIVE, 10),
                        Map.of())),
                new SettingsApi.RegionSummary(
                    RegionState.unseen("eu-west-1"),
                    new FleetCounts(
                        at.minusSeconds(60), Map.of(Effect.CUSTOM, 1), Map.of(), Map.of()))),
            true,
            false);
    JsonNode json = door.ask(request("GET", "/v1/summary")).json();
    assertEquals(13, json.get("identities").intValue());
    assertEquals("2026-11-24T09:44:00.000Z", json.get("asOf").textValue(), "the oldest");
    assertEquals("2026-11-24T09:45:00.000Z", json.get("regions").get(0).get("asOf").textValue());
    assertEquals(10, json.get("byEffect").get("CUSTOM").intValue());
    assertEquals(0, json.get("byEffect").get("REJECTED").intValue());
    assertEquals(1.2, json.get("regions").get(0).get("lastRun").get("seconds").doubleValue());
    assertTrue(json.get("regions").get(1).get("lastRun").isNull());
    assertEquals("mia@", json.get("regions").get(0).get("cannotWatch").get(0).textValue());
    assertTrue(json.get("alertsReachNobody").booleanValue());
    assertFalse(json.get("operationsReachNobody").booleanValue());
  }
}
