package mailfrom.api;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import mailfrom.app.Configuration;
import mailfrom.app.pace.SystemMachineClock;
import mailfrom.app.read.Dns;
import mailfrom.app.settings.ManagedPatterns;
import mailfrom.app.settings.SettingsApi;
import mailfrom.app.store.InMemoryIdentityStore;
import mailfrom.app.store.InMemoryRegionStore;
import mailfrom.app.tell.SilenceService;
import mailfrom.app.tell.TestAlertApi;
import mailfrom.aws.Cloud;
import org.crac.Core;

/** The real handler in front of a use case that somebody else wired. */
public final class OpenDoor {
  private OpenDoor() {}

  /** The handler for an installation. */
  public static RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> to(
      SettingsApi calls, Configuration configuration) {
    return new SettingsHandler(
        configuration,
        new ManagedPatterns.Texts("*", "")::patterns,
        calls,
        new FakeBatchApi(),
        new SilenceService(
            new InMemoryRegionStore(), new InMemoryIdentityStore(), List.of(), () -> "s1"),
        caller -> new TestAlertApi.Outcome.AllSent(List.of(), Map.of()));
  }

  /** All items that a list of one Region has, page by page, in the largest pages. */
  public static List<JsonNode> pages(
      SettingsApi calls, String account, String region, String path) {
    return pages(calls, account, region, path, 1000, TestEvents.NOW);
  }

  /**
   * The same in pages of a size, asked for at a time.
   *
   * @param path with the query, if there is any
   */
  public static List<JsonNode> pages(
      SettingsApi calls, String account, String region, String path, int limit, Instant at) {
    var handler = to(calls, Door.configuration(account, region));
    List<JsonNode> items = new ArrayList<>();
    JsonNode cursor = MissingNode.getInstance();
    do {
      TestEvents request =
          TestEvents.get(URI.create(path)).query("limit", Integer.toString(limit)).at(at);
      if (cursor.isTextual()) {
        request.query("cursor", cursor.textValue());
      }
      APIGatewayV2HTTPResponse answer = handler.handleRequest(request.event(), Door.context());
      Door.CONTRACT.check("GET", URI.create(path).getPath(), answer);
      JsonNode page = new Door.Answer(answer).json();
      page.path("items").forEach(items::add);
      cursor = page.path("nextCursor");
    } while (cursor.isTextual());
    return items;
  }

  /** The handler for adapters that somebody else made. */
  public static RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> to(
      Configuration configuration, Cloud cloud, Dns dns) {
    return new SettingsHandler(configuration, cloud, dns, new SystemMachineClock());
  }

  /** Does what is done before a snapshot. */
  public static void rehearse(Configuration configuration) {
    SettingsFunction.rehearsal(configuration).beforeCheckpoint(Core.getGlobalContext());
  }
}
