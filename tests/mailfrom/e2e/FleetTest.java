package mailfrom.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import mailfrom.local.HandlersInProcess;
import mailfrom.local.LargeFleet;
import mailfrom.local.LocalCloud;
import mailfrom.local.LocalSes;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Large fleets on the local cloud, its pace raised a hundred times. */
@Tag("slow")
class FleetTest {
  private static final int IDENTITIES = 2500;
  private static final int LARGE = 10_000;
  private static final String REGION = "us-east-1";

  @Test
  void eachIdentityIsReadOnceInTheFewestCallsAndEveryPlantedFaultIsFound() {
    try (LocalCloud cloud = new LocalCloud(LocalCloud.Options.forTests(), HandlersInProcess::of)) {
      Http http = new Http(cloud.url());
      Map<String, String> planted =
          LargeFleet.plant(cloud.ses(), cloud.dns(), REGION, IDENTITIES, cloud.clock().instant());
      http.watch();

      // A short first page, and then whole ones.
      assertEquals(4, answered(cloud, "ListIdentities").size());
      List<LocalSes.Call> reads = answered(cloud, "GetIdentityMailFromDomainAttributes");
      assertEquals(25, reads.size());
      assertEquals(IDENTITIES, reads.stream().mapToInt(LocalSes.Call::identities).sum());

      everyPlantedFaultIsFound(http, IDENTITIES, planted);
    }
  }

  @Test
  void tenThousandFitInTheHeapOfTheFunctionAndAreReadOnceARun() throws Exception {
    LocalCloud.Options options = LocalCloud.Options.forTests();
    try (LocalCloud cloud = new LocalCloud(options, HandlersInProcess::of);
        RuntimeProcess watch =
            RuntimeProcess.classes("mailfrom.watch.WatchHandler::handleRequest")
                .named("fleet-watch")
                .jvm("-Xmx384m")
                .timeout(Duration.ofMinutes(15))
                .env(cloud.watchEnvironment())
                .start()) {
      Map<String, String> planted =
          LargeFleet.plant(cloud.ses(), cloud.dns(), REGION, LARGE, cloud.clock().instant());
      for (int run = 0; run < 2; run++) {
        cloud.ses().forgetCalls();
        JsonNode report = read(watch, cloud.clock().instant());

        assertTrue(report.path("complete").asBoolean(), report::toString);
        assertEquals(LARGE, report.path("regions").path(0).path("read").asInt());
        assertEquals(1 + LARGE / 1000, answered(cloud, "ListIdentities").size());
        List<LocalSes.Call> reads = answered(cloud, "GetIdentityMailFromDomainAttributes");
        assertEquals(LARGE / 100, reads.size());
        assertEquals(LARGE, reads.stream().mapToInt(LocalSes.Call::identities).sum());
      }
      assertTrue(watch.isAlive());
      everyPlantedFaultIsFound(new Http(cloud.url()), LARGE, planted);
    }
  }

  /**
   * The calls that SES answered. At a hundred times the pace a pause of the machine is longer than
   * the gap between two slots: a call that is throttled then is made again.
   */
  private static List<LocalSes.Call> answered(LocalCloud cloud, String operation) {
    return cloud.ses().calls(operation).stream()
        .filter(call -> call.outcome().equals("OK"))
        .toList();
  }

  private static JsonNode read(RuntimeProcess watch, Instant at) throws JsonProcessingException {
    Outcome outcome = watch.invoke("{\"job\":\"read\",\"time\":\"" + at + "\"}");
    if (outcome instanceof Outcome.Answered(String body)) {
      return new ObjectMapper().readTree(body);
    }
    throw new AssertionError(outcome + "\n" + watch.log());
  }

  private static void everyPlantedFaultIsFound(
      Http http, int identities, Map<String, String> planted) {
    Map<String, String> found = new TreeMap<>();
    int rows = 0;
    String cursor = "";
    do {
      JsonNode page =
          http.get("/v1/identities?limit=1000" + (cursor.isEmpty() ? "" : "&cursor=" + cursor))
              .json();
      for (JsonNode item : page.path("items")) {
        rows++;
        if (!item.path("effect").asText().equals("CUSTOM")) {
          found.put(
              item.path("identity").asText(),
              item.path("effect").asText() + " " + item.path("cause").asText());
        }
      }
      cursor = page.path("nextCursor").asText("").replace("null", "");
    } while (!cursor.isEmpty());
    assertEquals(identities, rows);
    assertEquals(planted, found);
  }
}
