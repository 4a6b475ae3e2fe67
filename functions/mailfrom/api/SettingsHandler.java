package mailfrom.api;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import mailfrom.app.Configuration;
import mailfrom.app.batch.BatchApi;
import mailfrom.app.batch.BatchService;
import mailfrom.app.pace.SystemMachineClock;
import mailfrom.app.pace.Tasks;
import mailfrom.app.read.Dns;
import mailfrom.app.settings.SettingsApi;
import mailfrom.app.settings.SettingsService;
import mailfrom.app.store.IdentityStore;
import mailfrom.app.tell.SilenceApi;
import mailfrom.app.tell.SilenceService;
import mailfrom.app.tell.TestAlertApi;
import mailfrom.app.tell.TestAlertService;
import mailfrom.aws.Cloud;
import mailfrom.dns.DnsjavaDns;
import mailfrom.domain.desired.Desired;
import mailfrom.domain.identity.Caller;
import mailfrom.domain.name.IdentityKey;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import software.amazon.lambda.powertools.logging.PowertoolsLogging;
import software.amazon.lambda.powertools.logging.argument.StructuredArguments;

/** The function settings: answers the calls of the HTTP API. */
public final class SettingsHandler
    implements RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> {
  private static final Logger LOG = LoggerFactory.getLogger(SettingsHandler.class);
  private static final String OPENAPI = "openapi.yaml";
  private static final int MAX_BODY_BYTES = 16 * 1024;
  private static final int MAX_BATCH_BYTES = 4 * 1024 * 1024;

  /** Lambda takes 6 MB, in which each quote of the body counts twice. */
  private static final int MAX_ANSWER_CHARACTERS = 3_500_000;

  private final SettingsApi calls;
  private final BatchApi batches;
  private final SilenceApi silences;
  private final TestAlertApi testAlert;
  private final ApiConfig config;
  private final String openApi;

  /** Wired from an environment; no connection is opened. */
  public SettingsHandler(Map<String, String> environment) {
    this(Configuration.of(environment), environment);
  }

  private SettingsHandler(Configuration configuration, Map<String, String> environment) {
    this(
        configuration,
        Cloud.of(configuration, environment, new SystemMachineClock()),
        DnsjavaDns.of(configuration.dns()));
  }

  SettingsHandler(Configuration configuration, Cloud cloud, Dns dns) {
    this(
        calls(configuration, cloud, dns),
        new BatchService(
            cloud.batches(), configuration.managed(), () -> UUID.randomUUID().toString()),
        new SilenceService(cloud.regions(), () -> UUID.randomUUID().toString()),
        new TestAlertService(
            configuration.account(), configuration.regions().getFirst(), cloud.topics()),
        new ApiConfig(configuration.account(), configuration.regions(), configuration.managed()));
  }

  private static SettingsApi calls(Configuration configuration, Cloud cloud, Dns dns) {
    return new SettingsService(
        cloud.ses(),
        cloud.identities(),
        cloud.regions(),
        dns,
        cloud.pace(),
        new SystemMachineClock(),
        Tasks.threads(),
        configuration.regions(),
        configuration.managed(),
        configuration.policy(),
        configuration::paused);
  }

  SettingsHandler(
      SettingsApi calls,
      BatchApi batches,
      SilenceApi silences,
      TestAlertApi testAlert,
      ApiConfig config) {
    this.calls = calls;
    this.batches = batches;
    this.silences = silences;
    this.testAlert = testAlert;
    this.config = config;
    this.openApi = resource(OPENAPI);
  }

  @Override
  public APIGatewayV2HTTPResponse handleRequest(APIGatewayV2HTTPEvent event, Context context) {
    return PowertoolsLogging.withLogging(context, () -> logged(Request.of(event)));
  }

  private APIGatewayV2HTTPResponse logged(Request request) {
    MDC.put("correlation_id", request.id());
    Route.Match match = Route.find(request.method(), request.path());
    String route =
        match instanceof Route.Match.Found found ? found.route().toString() : "none of ours";
    try {
      APIGatewayV2HTTPResponse response = answer(match, request);
      LOG.info(
          "Answered",
          StructuredArguments.entry("route", route),
          StructuredArguments.entry("status", response.getStatusCode()));
      return response;
    } catch (RuntimeException e) {
      // Nobody planned this: the platform counts an error, and the caller learns nothing of it.
      LOG.error("The request failed", StructuredArguments.entry("route", route), e);
      throw e;
    }
  }

  private APIGatewayV2HTTPResponse answer(Route.Match match, Request request) {
    return switch (match) {
      case Route.Match.Found(Route route, @Nullable String parameter) ->
          answer(route, parameter, request);
      case Route.Match.WrongMethod(List<String> allowed) -> Answers.methodNotAllowed(allowed);
      case Route.Match.NoSuchPath() ->
          Answers.problem(
              ProblemType.NO_SUCH_PATH, "GET /v1/openapi.yaml lists all paths that there are.");
    };
  }

  private APIGatewayV2HTTPResponse answer(
      Route route, @Nullable String parameter, Request request) {
    if (route == Route.GET_OPENAPI) {
      return Answers.ok("application/yaml", openApi, Map.of());
    }
    String arn = request.callerArn();
    if (arn == null) {
      return Answers.problem(
          ProblemType.CALLER_UNKNOWN,
          "The request came without an IAM caller. Sign it (SigV4), and let the API use IAM"
              + " authorization.");
    }
    boolean isBatch = route == Route.POST_BATCH;
    int most = isBatch ? MAX_BATCH_BYTES : MAX_BODY_BYTES;
    if (request.body().bytes() > most) {
      return Answers.problem(
          ProblemType.BODY_TOO_LARGE,
          "The body has %d bytes; at most %d are taken. %s"
              .formatted(
                  request.body().bytes(),
                  most,
                  isBatch
                      ? "Send the items as several batches."
                      : "Send one identity's settings only."));
    }
    Caller caller = new Caller(arn, request.at());
    Input input = new Input(request, config);
    return switch (route) {
      case PUT_MAIL_FROM ->
          MediaTypes.isJson(request) ? put(input, parameter, caller) : Answers.notJson();
      case DELETE_MAIL_FROM -> clear(input, parameter, caller);
      case DELETE_DESIRED -> stopManaging(input, parameter, caller);
      case CHECK_MAIL_FROM -> write(input, input.key(parameter), key -> calls.check(key, caller));
      case GET_MAIL_FROM -> read(input, input.key(parameter), key -> calls.get(key, caller));
      case GET_HISTORY -> history(input, parameter, caller);
      case POST_BATCH ->
          MediaTypes.isJson(request) ? createBatch(input, request, caller) : Answers.notJson();
      case GET_BATCH -> batch(input, String.valueOf(parameter), caller);
      case DELETE_BATCH -> cancel(input, String.valueOf(parameter), caller);
      case LIST_IDENTITIES -> list(input, MediaTypes.wantsCsv(request));
      case GET_SENDER -> sender(input, parameter, caller);
      case POST_SILENCE ->
          MediaTypes.isJson(request) ? createSilence(input, caller) : Answers.notJson();
      case LIST_SILENCES -> silences(input, caller);
      case DELETE_SILENCE -> endSilence(input, String.valueOf(parameter), caller);
      case TEST_ALERT -> testAlert(input, caller);
      case RELEASE_HELD -> release(input, parameter, caller);
      case GET_SUMMARY -> summary(input, caller);
      case GET_OPENAPI -> throw new IllegalStateException("answered above");
    };
  }

  private APIGatewayV2HTTPResponse put(Input input, @Nullable String identity, Caller caller) {
    IdentityKey key = input.key(identity);
    boolean dryRun = input.dryRun();
    String ifMatch = input.ifMatch();
    Desired desired = input.desired();
    return write(
        input,
        key,
        // Without desired settings there is a problem, and this is not called.
        managed -> calls.put(managed, Objects.requireNonNull(desired), ifMatch, dryRun, caller));
  }

  private APIGatewayV2HTTPResponse clear(Input input, @Nullable String identity, Caller caller) {
    IdentityKey key = input.key(identity);
    boolean dryRun = input.dryRun();
    String ifMatch = input.ifMatch();
    Desired nothing = Desired.nothing(Map.of());
    return write(input, key, managed -> calls.put(managed, nothing, ifMatch, dryRun, caller));
  }

  private APIGatewayV2HTTPResponse stopManaging(
      Input input, @Nullable String identity, Caller caller) {
    IdentityKey key = input.key(identity);
    String ifMatch = input.ifMatch();
    return write(input, key, managed -> calls.stopManaging(managed, ifMatch, caller));
  }

  private APIGatewayV2HTTPResponse read(
      Input input, @Nullable IdentityKey key, Function<IdentityKey, SettingsApi.Outcome> call) {
    List<InputProblem> problems = input.problems();
    return key == null || !problems.isEmpty()
        ? Answers.malformed(input)
        : Answers.of(call.apply(key));
  }

  /** Malformed is told first, then whether the identity is managed at all, then broken rules. */
  private APIGatewayV2HTTPResponse write(
      Input input, @Nullable IdentityKey key, Function<IdentityKey, SettingsApi.Outcome> call) {
    List<InputProblem> problems = input.problems();
    boolean rulesOnly = problems.stream().allMatch(InputProblem::isRule);
    if (key != null && rulesOnly && !config.managed().allows(key.name())) {
      return Answers.notManaged();
    }
    return read(input, key, call);
  }

  private APIGatewayV2HTTPResponse history(Input input, @Nullable String identity, Caller caller) {
    IdentityKey key = input.key(identity);
    int limit = input.limit();
    String question = "history of " + key;
    String cursor = input.cursor(question);
    List<InputProblem> problems = input.problems();
    if (key == null || !problems.isEmpty()) {
      return Answers.malformed(input);
    }
    IdentityStore.HistoryPage page = calls.history(key, limit, cursor, caller.at());
    return Answers.ok(
        Representation.history(page.items(), sealCursor(page.nextCursor(), question)));
  }

  private APIGatewayV2HTTPResponse list(Input input, boolean csv) {
    SettingsApi.FleetQuery query = input.fleetQuery();
    List<InputProblem> problems = input.problems();
    if (!problems.isEmpty()) {
      return Answers.malformed(input);
    }
    while (true) {
      SettingsApi.FleetPage page = calls.list(query);
      String next = sealCursor(page.nextCursor(), Input.question(query));
      String body =
          csv ? FleetCsv.of(page.items()) : JsonText.of(Representation.fleet(page.items(), next));
      if (body.length() > MAX_ANSWER_CHARACTERS && page.items().size() > 1) {
        // A shorter page loses nothing: its cursor goes on where it ends.
        query = Input.at(query, page.items().size() / 2, query.cursor());
      } else if (csv) {
        return Answers.ok(
            "text/csv; charset=utf-8", body, next == null ? Map.of() : Map.of("Next-Cursor", next));
      } else {
        return Answers.ok("application/json", body, Map.of());
      }
    }
  }

  private APIGatewayV2HTTPResponse createBatch(Input input, Request request, Caller caller) {
    boolean dryRun = input.dryRun();
    String key = input.idempotencyKey();
    List<BatchApi.Ask> items = input.batch();
    if (!input.problems().isEmpty()) {
      return Answers.malformed(input);
    }
    return switch (request.body()) {
      case Request.Body.Text(String text, int bytes) ->
          Answers.of(batches.create(new BatchApi.Order(items, dryRun, key, text), caller));
      case Request.Body.NotText notText -> throw new IllegalStateException("told above");
    };
  }

  private APIGatewayV2HTTPResponse batch(Input input, String id, Caller caller) {
    int limit = input.limit();
    String question = "batch " + id;
    String cursor = input.cursor(question);
    if (!input.problems().isEmpty()) {
      return Answers.malformed(input);
    }
    return batches
        .get(id, limit, cursor, caller.at())
        .map(
            page ->
                Answers.ok(
                    Representation.batch(
                        page.batch(), page.items(), sealCursor(page.nextCursor(), question))))
        .orElseGet(Answers::unknownBatch);
  }

  private APIGatewayV2HTTPResponse cancel(Input input, String id, Caller caller) {
    if (!input.problems().isEmpty()) {
      return Answers.malformed(input);
    }
    return batches
        .cancel(id, caller)
        .map(batch -> Answers.ok(Representation.batch(batch)))
        .orElseGet(Answers::unknownBatch);
  }

  private APIGatewayV2HTTPResponse createSilence(Input input, Caller caller) {
    SilenceApi.Ask ask = input.silence();
    return ask == null || !input.problems().isEmpty()
        ? Answers.malformed(input)
        : Answers.of(silences.create(ask, caller), caller.at());
  }

  private APIGatewayV2HTTPResponse silences(Input input, Caller caller) {
    int limit = input.limit();
    String question = "silences";
    String cursor = input.cursor(question);
    if (!input.problems().isEmpty()) {
      return Answers.malformed(input);
    }
    SilenceApi.Page page = silences.list(limit, cursor);
    String next = sealCursor(page.nextCursor(), question);
    return Answers.ok(Representation.silences(page.items(), next, caller.at()));
  }

  private APIGatewayV2HTTPResponse endSilence(Input input, String id, Caller caller) {
    if (!input.problems().isEmpty()) {
      return Answers.malformed(input);
    }
    return silences
        .end(id, caller)
        .map(silence -> Answers.ok(Representation.silence(silence, caller.at())))
        .orElseGet(Answers::unknownSilence);
  }

  private APIGatewayV2HTTPResponse testAlert(Input input, Caller caller) {
    return input.problems().isEmpty()
        ? Answers.of(testAlert.send(caller))
        : Answers.malformed(input);
  }

  private static @Nullable String sealCursor(@Nullable String cursor, String question) {
    return cursor == null ? null : PageCursor.seal(cursor, question);
  }

  private APIGatewayV2HTTPResponse sender(Input input, @Nullable String address, Caller caller) {
    IdentityKey key = input.sender(address);
    List<InputProblem> problems = input.problems();
    return key == null || !problems.isEmpty()
        ? Answers.malformed(input)
        : Answers.ok(Representation.sender(calls.sender(key, caller.at())));
  }

  private APIGatewayV2HTTPResponse release(
      Input input, @Nullable String regionInPath, Caller caller) {
    String region = input.regionInPath(regionInPath);
    List<InputProblem> problems = input.problems();
    return region == null || !problems.isEmpty()
        ? Answers.malformed(input)
        : Answers.ok(Representation.released(calls.release(region, caller)));
  }

  private APIGatewayV2HTTPResponse summary(Input input, Caller caller) {
    List<InputProblem> problems = input.problems();
    return problems.isEmpty()
        ? Answers.ok(Representation.summary(config.account(), calls.summary(caller.at())))
        : Answers.malformed(input);
  }

  private static String resource(String name) {
    try (InputStream stream = SettingsHandler.class.getResourceAsStream(name)) {
      if (stream == null) {
        throw new IllegalStateException(name + " is not in the package");
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
