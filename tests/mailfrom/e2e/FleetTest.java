package mailfrom.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import mailfrom.local.HandlersInProcess;
import mailfrom.local.LargeFleet;
import mailfrom.local.LocalCloud;
import mailfrom.local.LocalSes;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A fleet of 2,500 identities on the local cloud, its pace raised. */
@Tag("slow")
class FleetTest {
  private static final int IDENTITIES = 2500;
  private static final String REGION = "us-east-1";

  @Test
  void eachIdentityIsReadOnceInTheFewestCallsAndEveryPlantedFaultIsFound() {
    try (LocalCloud cloud = new LocalCloud(LocalCloud.Options.forTests(), HandlersInProcess::of)) {
      Http http = new Http(cloud.url());
      Map<String, String> planted =
          LargeFleet.plant(cloud.ses(), cloud.dns(), REGION, IDENTITIES, cloud.clock().instant());
      http.watch();

      assertEquals(3, cloud.ses().calls("ListIdentities").size());
      List<LocalSes.Call> reads = cloud.ses().calls("GetIdentityMailFromDomainAttributes");
      assertEquals(25, reads.size());
      assertEquals(IDENTITIES, reads.stream().mapToInt(LocalSes.Call::identities).sum());
      assertTrue(reads.stream().allMatch(read -> read.outcome().equals("OK")));

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
      assertEquals(IDENTITIES, rows);
      assertEquals(planted, found);
    }
  }
}
