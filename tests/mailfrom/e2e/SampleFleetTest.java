package mailfrom.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.TreeSet;
import java.util.stream.StreamSupport;
import mailfrom.local.HandlersInProcess;
import mailfrom.local.LocalCloud;
import org.junit.jupiter.api.Test;

/** The fleet that the local cloud starts with. */
class SampleFleetTest {
  @Test
  void showsEveryEffectCauseAndPhaseThatCanBeSeen() {
    try (LocalCloud cloud = new LocalCloud(LocalCloud.Options.forTests(), HandlersInProcess::of)) {
      Http http = new Http(cloud.url());
      cloud.plantSampleFleet();
      cloud.runSampleFleetsPast();
      http.watch();
      JsonNode items = http.get("/v1/identities?limit=1000").json().path("items");
      TreeSet<String> seen = new TreeSet<>();
      StreamSupport.stream(items.spliterator(), false)
          .map(
              item ->
                  "%s %s %s %s"
                      .formatted(
                          item.path("effect").asText(),
                          item.path("cause").asText("-"),
                          item.path("phase").asText("-"),
                          item.path("severity").asText("-")))
          .forEach(seen::add);
      assertEquals(
          """
          CUSTOM - live -
          CUSTOM - live warning
          DEFAULT - - -
          FALLBACK FAILED live warning
          FALLBACK FAILED setup warning
          FALLBACK NOT_COVERED - info
          FALLBACK PENDING setup -
          FALLBACK REMOVED live warning
          FALLBACK TEMPORARY_FAILURE live critical
          FALLBACK TEMPORARY_FAILURE live warning
          REJECTED FAILED setup critical
          REJECTED PENDING setup critical
          REJECTED TEMPORARY_FAILURE live critical
          UNVERIFIED - - -
          """
              .strip(),
          String.join("\n", seen));
    }
  }
}
