package mailfrom.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import mailfrom.app.Configuration;
import mailfrom.local.HandlersInProcess;
import mailfrom.local.LocalCloud;
import mailfrom.priming.Rehearsal;
import org.crac.Context;
import org.crac.Core;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A snapshot that is restored more than once. */
class RehearsalTest {
  private static final int RESTORES = 2;

  @Test
  @Tag("slow")
  void twoRestoresShareNoId() throws Exception {
    try (var cloud = new LocalCloud(LocalCloud.Options.forTests(), HandlersInProcess::of);
        var client = cloud.table().client()) {
      Context<?> context = Core.getGlobalContext();
      Rehearsal rehearsal = SettingsFunction.rehearsal(Configuration.of(cloud.environment()));
      var before = client.scan(r -> r.tableName(cloud.table().name())).items();
      rehearsal.beforeCheckpoint(context);
      // Nothing of a rehearsal is anywhere but in this process.
      assertEquals(before, client.scan(r -> r.tableName(cloud.table().name())).items());
      Set<String> known = new HashSet<>();
      for (int i = 0; i < RESTORES; i++) {
        rehearsal.afterRestore(context);
        SettingsHandler restored = new SettingsHandler(cloud.environment());
        String identity = "restored%d.example".formatted(i);
        cloud.ses().addDomain("us-east-1", identity, true);
        String batch = batchId(restored, identity);
        // The rows of one write share the id of the write.
        Set<String> ids = new HashSet<>(Set.of(batch));
        client
            .scan(r -> r.tableName(cloud.table().name()))
            .items()
            .forEach(
                item -> {
                  if (item.toString().contains(batch) && item.containsKey("w")) {
                    ids.add(item.get("w").s());
                  }
                });
        ids.remove("");
        assertTrue(ids.size() > 1, ids::toString);
        assertTrue(Collections.disjoint(known, ids), () -> known + " and " + ids);
        known.addAll(ids);
      }
    }
  }

  @Test
  void aRehearsalThatThrowsDoesNotFailTheSnapshot() {
    AtomicInteger made = new AtomicInteger();
    Rehearsal.of(
            Door.configuration(Samples.ACCOUNT, "us-east-1"),
            (configuration, cloud, dns, clock) -> {
              made.incrementAndGet();
              throw new IllegalStateException("no function");
            })
        .beforeCheckpoint(Core.getGlobalContext());
    assertEquals(1, made.get());
  }

  private static String batchId(SettingsHandler handler, String identity) throws Exception {
    APIGatewayV2HTTPResponse answer =
        handler.handleRequest(
            TestEvents.request("POST", "/v1/mail-from-batches")
                .header("content-type", "application/json")
                .header("idempotency-key", identity)
                .body(
                    "{\"items\":[{\"identity\":\"%s\",\"mailFromDomain\":\"bounce.%s\"}]}"
                        .formatted(identity, identity))
                .event(),
            Door.context());
    assertEquals(202, answer.getStatusCode(), answer::getBody);
    return JsonMapper.builder().build().readTree(answer.getBody()).path("id").asText();
  }
}
