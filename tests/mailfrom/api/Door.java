package mailfrom.api;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mailfrom.app.Configuration;
import mailfrom.app.advice.Links;
import mailfrom.app.settings.ManagedPatterns;
import mailfrom.app.store.IdentityStore;
import mailfrom.app.store.InMemoryIdentityStore;
import mailfrom.app.store.InMemoryRegionStore;
import mailfrom.app.store.RegionStore;
import mailfrom.app.tell.SilenceService;
import mailfrom.app.tell.TestAlertApi;
import mailfrom.app.tell.Topics;
import mailfrom.domain.desired.HealPolicy;
import mailfrom.local.LocalContext;

/** The handler in front of a fake use case; whatever it answers is held against the contract. */
final class Door {
  static final Contract CONTRACT = new Contract();

  final FakeSettingsApi calls = new FakeSettingsApi();
  final FakeBatchApi batches = new FakeBatchApi();
  final RegionStore regions = new InMemoryRegionStore();
  final IdentityStore identities = new InMemoryIdentityStore();
  TestAlertApi.Outcome testAlert =
      new TestAlertApi.Outcome.AllSent(
          List.of(new TestAlertApi.Sent(Topics.Name.ALERTS, TestAlertApi.Form.PEOPLE, "m1")),
          Map.of(Topics.Name.ALERTS, 0, Topics.Name.NOTICES, 2));
  private int silences;
  private final SettingsHandler handler;

  private Door(Configuration configuration, String allow) {
    handler =
        new SettingsHandler(
            configuration,
            new ManagedPatterns.Texts(allow, "secret.*")::patterns,
            calls,
            batches,
            new SilenceService(
                this.regions, identities, configuration.regions(), () -> "s" + ++silences),
            caller -> testAlert);
  }

  /** Everything is managed but what is secret. */
  Door(String... regions) {
    this(configuration(Samples.ACCOUNT, regions), "*");
  }

  /** The same, in one Region. */
  static Door ofOneRegion() {
    return new Door("us-east-1");
  }

  /** Some identities are managed, in one Region. */
  static Door managing(String pattern) {
    return new Door(configuration(Samples.ACCOUNT, "us-east-1"), pattern);
  }

  /** An installation. */
  static Configuration configuration(String account, String... regions) {
    return new Configuration(
        "state",
        account,
        List.of(regions),
        Map.of(),
        0.9,
        false,
        false,
        new HealPolicy(true, false),
        Links.NONE,
        Optional.empty(),
        Configuration.DNS_QUERIES_A_SECOND);
  }

  /** A call that has just begun. */
  static Context context() {
    return new LocalContext("settings", InstantSource.system(), Duration.ofSeconds(28));
  }

  /** What came back. */
  record Answer(APIGatewayV2HTTPResponse response) {
    int status() {
      return response.getStatusCode();
    }

    String header(String name) {
      return String.valueOf(response.getHeaders().get(name));
    }

    String text() {
      return response.getBody();
    }

    JsonNode json() {
      return CONTRACT.read(response.getBody());
    }

    /** The violations as code and pointer. */
    List<String> violations() {
      List<String> violations = new ArrayList<>();
      json()
          .path("violations")
          .forEach(
              v -> violations.add(v.get("code").textValue() + " " + v.get("pointer").asText()));
      return violations;
    }
  }

  Answer ask(TestEvents request) {
    APIGatewayV2HTTPEvent event = request.event();
    APIGatewayV2HTTPResponse response = handler.handleRequest(event, context());
    CONTRACT.check(event.getRequestContext().getHttp().getMethod(), event.getRawPath(), response);
    return new Answer(response);
  }
}
