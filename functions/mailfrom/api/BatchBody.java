package mailfrom.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import mailfrom.app.batch.BatchApi;
import mailfrom.domain.desired.Desired;
import mailfrom.domain.name.IdentityKey;
import mailfrom.domain.name.IdentityName;
import mailfrom.domain.name.Parsed;
import org.jspecify.annotations.Nullable;

/** Reads the body of a batch: what is asked for each identity. */
final class BatchBody {
  private BatchBody() {}

  static ReadBody<List<BatchApi.Ask>> parse(String text, ApiConfig config) {
    return new Reader(config).read(text);
  }

  /** Reads one body. */
  private static final class Reader {
    private static final String EXAMPLE =
        "Send {\"items\": [{\"identity\": \"example.com\", \"mailFromDomain\":"
            + " \"bounce.example.com\"}]}.";

    /** What an item has besides the settings of a PUT. */
    private static final List<String> OF_ITEM = List.of("identity", "region", "adopt");

    private final ApiConfig config;
    private final JsonBody json = new JsonBody(EXAMPLE);

    private Reader(ApiConfig config) {
      this.config = config;
    }

    private ReadBody<List<BatchApi.Ask>> read(String text) {
      List<BatchApi.Ask> asks = new ArrayList<>();
      json.object(text)
          .ifPresent(
              body -> {
                json.unknownFields(body, "", List.of("items"));
                items(body, asks);
              });
      return json.isFine()
          ? new ReadBody.Ok<>(asks)
          : new ReadBody.Problems<>(json.problems(), json.untold());
    }

    private void items(ObjectNode body, List<BatchApi.Ask> asks) {
      JsonNode value = body.get("items");
      if (value == null) {
        json.add(InputProblem.Code.REQUIRED, "items is required. " + EXAMPLE, "/items");
      } else if (!(value instanceof ArrayNode items)) {
        json.wrongType("/items", "items", "an array of objects", value);
      } else if (items.isEmpty() || items.size() > BatchApi.MAX_ITEMS) {
        json.add(
            InputProblem.Code.INVALID_VALUE,
            "There are %d items; a batch has 1 to %d. Send the rest as another batch."
                .formatted(items.size(), BatchApi.MAX_ITEMS),
            "/items");
      } else {
        for (int i = 0; i < items.size(); i++) {
          String at = "/items/" + i;
          if (items.get(i) instanceof ObjectNode item) {
            BatchApi.Ask ask = item(item, at);
            if (ask != null) {
              asks.add(ask);
            }
          } else {
            json.wrongType(at, "An item", "an object", items.get(i));
          }
        }
      }
    }

    /** An item; null with a problem. */
    private BatchApi.@Nullable Ask item(ObjectNode item, String at) {
      IdentityName name = identity(item, at);
      String region = region(item, at);
      Desired desired = null;
      if (adopts(item, at)) {
        json.unknownFields(item, at, OF_ITEM);
      } else {
        desired = DesiredBody.of(json, item, at, OF_ITEM);
      }
      return name == null || region == null
          ? null
          : new BatchApi.Ask(new IdentityKey(config.account(), region, name), desired);
    }

    private @Nullable IdentityName identity(ObjectNode item, String at) {
      String pointer = at + "/identity";
      JsonNode value = item.get("identity");
      if (value == null) {
        json.add(
            InputProblem.Code.REQUIRED,
            "identity is required: the domain or the e-mail address in SES.",
            pointer);
        return null;
      }
      if (!value.isTextual()) {
        json.wrongType(pointer, "identity", "a string", value);
        return null;
      }
      return switch (IdentityName.parse(value.textValue())) {
        case Parsed.Ok<IdentityName>(IdentityName name) -> name;
        case Parsed.Malformed<IdentityName>(String message) -> {
          json.add(InputProblem.Code.MALFORMED_IDENTITY, message, pointer);
          yield null;
        }
      };
    }

    private @Nullable String region(ObjectNode item, String at) {
      String pointer = at + "/region";
      JsonNode value = item.get("region");
      if (value == null) {
        if (config.regions().size() == 1) {
          return config.regions().getFirst();
        }
        json.add(
            InputProblem.Code.REGION_REQUIRED,
            "More than one Region is watched. Add region with one of: "
                + String.join(", ", config.regions())
                + ".",
            pointer);
        return null;
      }
      if (!value.isTextual()) {
        json.wrongType(pointer, "region", "a string", value);
        return null;
      }
      if (!config.regions().contains(value.textValue())) {
        json.add(
            InputProblem.Code.REGION_NOT_WATCHED, config.notWatched(value.textValue()), pointer);
        return null;
      }
      return value.textValue();
    }

    private boolean adopts(ObjectNode item, String at) {
      JsonNode value = item.get("adopt");
      if (value == null) {
        return false;
      }
      if (!value.isBoolean()) {
        json.wrongType(at + "/adopt", "adopt", "true", value);
      } else if (!value.booleanValue()) {
        json.add(
            InputProblem.Code.INVALID_VALUE,
            "adopt is false. Give true, or leave it out and say which settings are wanted.",
            at + "/adopt");
      }
      return true;
    }
  }
}
