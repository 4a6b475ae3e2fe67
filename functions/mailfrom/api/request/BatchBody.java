package mailfrom.api.request;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import mailfrom.app.batch.BatchApi;
import mailfrom.domain.desired.Desired;
import mailfrom.domain.name.IdentityKey;
import mailfrom.domain.name.IdentityName;
import org.jspecify.annotations.Nullable;

/** Reads the body of a batch: what is asked for each identity. */
final class BatchBody {
  private static final String EXAMPLE =
      "Send {\"items\": [{\"identity\": \"example.com\", \"mailFromDomain\":"
          + " \"bounce.example.com\"}]}.";

  /** What an item has besides the settings of a PUT. */
  private static final List<String> OF_ITEM = List.of("identity", "region", "adopt");

  private static final List<String> OF_ADOPTED = List.of("identity", "region", "adopt", "labels");

  private final String account;
  private final WatchedRegions regions;
  private final Problems problems;
  private final List<BatchApi.Ask> asks = new ArrayList<>();

  private BatchBody(String account, WatchedRegions regions, Problems problems) {
    this.account = account;
    this.regions = regions;
    this.problems = problems;
  }

  /** The items; together with any problem they mean nothing. */
  static List<BatchApi.Ask> parse(
      String text, String account, WatchedRegions regions, Problems problems) {
    BatchBody batch = new BatchBody(account, regions, problems);
    JsonBody.object(text, EXAMPLE, problems).ifPresent(batch::read);
    return batch.asks;
  }

  private void read(JsonFields body) {
    body.unknownBut(List.of("items"));
    if (body.get("items") == null) {
      body.tell(InputCode.REQUIRED, "items", "items is required. " + EXAMPLE);
    }
    body.value("items", List.class, "an array of objects").ifPresent(items -> items(items, body));
  }

  private void items(List<?> items, JsonFields body) {
    if (items.isEmpty() || items.size() > BatchApi.MAX_ITEMS) {
      body.tell(
          InputCode.INVALID_VALUE,
          "items",
          "There are %d items; a batch has 1 to %d. Send the rest as another batch."
              .formatted(items.size(), BatchApi.MAX_ITEMS));
      return;
    }
    for (int i = 0; i < items.size(); i++) {
      if (items.get(i) instanceof JsonFields item) {
        problems.about(item.get("identity") instanceof String name ? name : null);
        item(item);
        problems.about(null);
      } else {
        JsonBody.wrongType(
            items.get(i), body.pointer("items") + "/" + i, "An item", "an object", problems);
      }
    }
  }

  private void item(JsonFields item) {
    IdentityName name = identity(item);
    String region = region(item);
    Desired desired = null;
    Map<String, String> labels = null;
    if (adopts(item)) {
      item.unknownBut(OF_ADOPTED);
      labels = item.get("labels") == null ? null : Labels.of(item);
    } else {
      desired = DesiredBody.of(item, OF_ITEM);
    }
    if (name != null && region != null) {
      asks.add(new BatchApi.Ask(new IdentityKey(account, region, name), desired, labels));
    }
  }

  private static @Nullable IdentityName identity(JsonFields item) {
    item.require("identity", "the domain or the e-mail address in SES.");
    return item.text("identity")
        .map(text -> item.name("identity", text, IdentityName::parse, InputCode.MALFORMED_IDENTITY))
        .orElse(null);
  }

  private @Nullable String region(JsonFields item) {
    String pointer = item.pointer("region");
    return item.get("region") == null
        ? regions.unnamed("region", problems, pointer)
        : item.text("region").map(name -> regions.named(name, problems, pointer)).orElse(null);
  }

  private static boolean adopts(JsonFields item) {
    item.value("adopt", Boolean.class, "true")
        .filter(adopt -> !adopt)
        .ifPresent(
            no ->
                item.tell(
                    InputCode.INVALID_VALUE,
                    "adopt",
                    "adopt is false. Give true, or leave it out and say which settings are"
                        + " wanted."));
    return item.get("adopt") != null;
  }
}
