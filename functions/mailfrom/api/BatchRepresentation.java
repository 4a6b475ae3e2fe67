package mailfrom.api;

import java.util.List;
import java.util.Map;
import mailfrom.app.batch.Batch;
import mailfrom.app.batch.BatchApi;
import mailfrom.app.batch.BatchItem;
import mailfrom.app.json.JsonWriter;
import mailfrom.domain.effect.Effect;
import org.jspecify.annotations.Nullable;

/** The JSON of answers about batches. */
final class BatchRepresentation {
  private BatchRepresentation() {}

  /** A batch in answers to writes: without its items. */
  static String batch(Batch batch) {
    JsonWriter json = new JsonWriter();
    head(json, batch);
    return json.text();
  }

  /** A page of batches, without their items. */
  static String batches(List<Batch> page, @Nullable String nextCursor) {
    JsonWriter json = new JsonWriter();
    json.objects("items", page, batch -> head(json, batch));
    return json.put("nextCursor", nextCursor).text();
  }

  /** A batch with a page of its items. */
  static String batch(BatchApi.Page page, @Nullable String nextCursor) {
    JsonWriter json = new JsonWriter();
    facts(json, page.batch());
    Map<Effect, Integer> byEffect = page.byEffect();
    if (byEffect == null) {
      json.putNull("byEffect");
    } else {
      Representation.byEffect(json, byEffect);
    }
    json.objects("items", page.items(), item -> item(json, item));
    return json.put("nextCursor", nextCursor).text();
  }

  private static void head(JsonWriter json, Batch batch) {
    facts(json, batch);
    json.putNull("byEffect").putNull("items").putNull("nextCursor");
  }

  private static void item(JsonWriter json, BatchItem item) {
    json.put("identity", item.key().name().value())
        .put("region", item.key().region())
        .put("state", item.state());
    json.objects(
        "violations",
        item.broken(),
        broken -> json.put("code", broken.code()).put("message", broken.message()));
    json.put("lastError", item.lastError());
  }

  private static void facts(JsonWriter json, Batch batch) {
    json.put("id", batch.id())
        .put("state", batch.state())
        .put("reason", batch.reason())
        .put("dryRun", batch.dryRun())
        .put("by", batch.by())
        .put("createdAt", batch.createdAt())
        .put("endedAt", batch.endedAt())
        .object("counts");
    batch.counts().forEach((state, count) -> json.put(state.name(), count));
    json.end();
  }
}
