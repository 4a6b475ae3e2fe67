package mailfrom.api;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import mailfrom.api.request.Input;
import mailfrom.api.request.MediaTypes;
import mailfrom.api.request.Paging;
import mailfrom.api.request.Request;
import mailfrom.app.Configuration;
import mailfrom.app.batch.BatchApi;
import mailfrom.app.batch.BatchService;
import mailfrom.app.pace.MachineClock;
import mailfrom.app.pace.Pace;
import mailfrom.app.pace.SystemMachineClock;
import mailfrom.app.pace.Tasks;
import mailfrom.app.read.Dns;
import mailfrom.app.settings.ManagedPatterns;
import mailfrom.app.settings.SettingsApi;
import mailfrom.app.settings.SettingsRequests;
import mailfrom.app.settings.SettingsService;
import mailfrom.app.store.IdentityStore;
import mailfrom.app.tell.SilenceApi;
import mailfrom.app.tell.SilenceService;
import mailfrom.app.tell.TestAlertApi;
import mailfrom.app.tell.TestAlertService;
import mailfrom.app.text.AlertTexts;
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

  private static final Set<Route> TAKE_JSON =
      EnumSet.of(Route.PUT_MAIL_FROM, Route.POST_BATCH, Route.POST_SILENCE);

  /** Lambda takes 6 MB, in which each quote of the body counts twice. */
  private static final int MAX_ANSWER_CHARACTERS = 3_500_000;

  private final Configuration configuration;
  private final Supplier<ManagedPatterns> managed;
  private final SettingsApi settings;
  private final BatchRequests batches;
  private final SilenceRequests silences;
  private final TestAlertApi testAlert;
  private final String openApi;

  /** Wired from an environment; no connection is opened. */
  public SettingsHandler(Map<String, String> environment) {
    this(Configuration.of(environment), environment);
  }

  private SettingsHandler(Configuration configuration, Map<String, String> environment) {
    this(
        configuration,
        Cloud.of(configuration, environment, new SystemMachineClock()),
        DnsjavaDns.of(configuration.dns(), configuration.dnsQueriesASecond()),
        new SystemMachineClock());
  }

  SettingsHandler(Configuration configuration, Cloud cloud, Dns dns, MachineClock clock) {
    this(
        configuration,
        cloud.managed()::patterns,
        settings(configuration, cloud, dns, clock),
        new BatchService(
            cloud.batches(),
            cloud.identities(),
            cloud.managed()::patterns,
            () -> UUID.randomUUID().toString()),
        new SilenceService(
            cloud.regions(),
            cloud.identities(),
            configuration.regions(),
            () -> UUID.randomUUID().toString()),
        new TestAlertService(
            new AlertTexts(configuration.account(), configuration.links(), configuration.policy()),
            configuration.regions().getFirst(),
            cloud.topics()));
  }

  private static SettingsApi settings(
      Configuration configuration, Cloud cloud, Dns dns, MachineClock clock) {
    // One for all requests: it learns how late calls leave, and how slow the table is.
    Pace pace = cloud.pace().amongMany();
    return new SettingsRequests(
        clock,
        cloud.regions(),
        regions ->
            new SettingsService(
                cloud.ses(),
                cloud.identities(),
                regions,
                dns,
                pace,
                cloud.leases(),
                clock,
                Tasks.threads(),
                configuration.regions(),
                // Whether an identity may be changed was asked here, once.
                () -> ManagedPatterns.ALL,
                configuration.policy(),
                configuration::paused));
  }

  SettingsHandler(
      Configuration configuration,
      Supplier<ManagedPatterns> managed,
      SettingsApi settings,
      BatchApi batches,
      SilenceApi silences,
      TestAlertApi testAlert) {
    this.configuration = configuration;
    this.managed = managed;
    this.settings = settings;
    this.batches = new BatchRequests(batches);
    this.silences = new SilenceRequests(silences);
    this.testAlert = testAlert;
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
        match instanceof Route.Match.Found found ? found.route().toString() : "(no route)";
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
      case Route.Match.Found(Route route, String parameter) -> answer(route, parameter, request);
      case Route.Match.WrongMethod(List<String> allowed) -> Answers.methodNotAllowed(allowed);
      case Route.Match.NoSuchPath() ->
          Answers.problem(
              ProblemType.NO_SUCH_PATH, "GET /v1/openapi.yaml lists all paths that there are.");
    };
  }

  private APIGatewayV2HTTPResponse answer(Route route, String parameter, Request request) {
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
    if (TAKE_JSON.contains(route) && !MediaTypes.isJson(request)) {
      return Answers.notJson();
    }
    Caller caller = new Caller(arn, request.at());
    Input input = new Input(request, parameter, configuration);
    return switch (route) {
      case PUT_MAIL_FROM -> putMailFrom(input, caller);
      case DELETE_MAIL_FROM -> deleteMailFrom(input, caller);
      case DELETE_DESIRED -> deleteDesired(input, caller);
      case CHECK_MAIL_FROM -> write(input, input.key(), false, key -> settings.check(key, caller));
      case GET_MAIL_FROM -> read(input, input.key(), false, key -> settings.get(key, caller));
      case GET_RECORDS ->
          getRecords(input, MediaTypes.best(request, Format.OF_RECORDS, Format::mediaType), caller);
      case GET_HISTORY -> getHistory(input, caller);
      case POST_BATCH -> batches.post(input, caller);
      case LIST_BATCHES -> batches.list(input, caller);
      case GET_BATCH -> batches.get(input, parameter, caller);
      case DELETE_BATCH -> batches.delete(input, parameter, caller);
      case LIST_IDENTITIES ->
          listIdentities(
              input, MediaTypes.best(request, Format.OF_FLEET, Format::mediaType), caller);
      case GET_SENDER -> getSender(input, caller);
      case POST_SILENCE -> silences.post(input, caller);
      case LIST_SILENCES -> silences.list(input, caller);
      case DELETE_SILENCE -> silences.delete(input, parameter, caller);
      case TEST_ALERT -> input.isFine() ? Answers.of(testAlert.send(caller)) : malformed(input);
      case RELEASE_HELD -> releaseHeld(input, caller);
      case GET_SUMMARY ->
          input.isFine()
              ? Answers.ok(
                  Representation.summary(configuration.account(), settings.summary(caller.at())))
              : malformed(input);
      case GET_OPENAPI -> throw new IllegalStateException("answered above");
    };
  }

  private static APIGatewayV2HTTPResponse malformed(Input input) {
    return Answers.malformed(input.problems());
  }

  private APIGatewayV2HTTPResponse putMailFrom(Input input, Caller caller) {
    IdentityKey key = input.key();
    boolean dryRun = input.dryRun();
    String ifMatch = input.ifMatch();
    Optional<Desired> desired = input.desired();
    return write(
        input,
        key,
        dryRun,
        managed -> settings.put(managed, desired.orElseThrow(), ifMatch, dryRun, caller));
  }

  private APIGatewayV2HTTPResponse deleteMailFrom(Input input, Caller caller) {
    IdentityKey key = input.key();
    boolean dryRun = input.dryRun();
    String ifMatch = input.ifMatch();
    Desired nothing = Desired.nothing(Map.of());
    return write(
        input, key, dryRun, managed -> settings.put(managed, nothing, ifMatch, dryRun, caller));
  }

  private APIGatewayV2HTTPResponse deleteDesired(Input input, Caller caller) {
    IdentityKey key = input.key();
    String ifMatch = input.ifMatch();
    return write(input, key, false, managed -> settings.stopManaging(managed, ifMatch, caller));
  }

  private static APIGatewayV2HTTPResponse read(
      Input input,
      @Nullable IdentityKey key,
      boolean dryRun,
      Function<IdentityKey, SettingsApi.Outcome> call) {
    if (key == null || !input.isFine()) {
      return malformed(input);
    }
    SettingsApi.Outcome outcome = call.apply(key);
    if (outcome instanceof SettingsApi.Outcome.CutShort(var _, RuntimeException why)) {
      LOG.error(
          "The request is recorded, and what came after that failed",
          StructuredArguments.entry("identity", key.name().value()),
          why);
    }
    return Answers.of(outcome, dryRun);
  }

  /** Malformed is told first, then whether the identity is managed at all, then broken rules. */
  private APIGatewayV2HTTPResponse write(
      Input input,
      @Nullable IdentityKey key,
      boolean dryRun,
      Function<IdentityKey, SettingsApi.Outcome> call) {
    boolean wellFormed = input.problems().rulesOnly();
    return key != null && wellFormed && !managed.get().allows(key.name())
        ? Answers.notManaged()
        : read(input, key, dryRun, call);
  }

  private APIGatewayV2HTTPResponse getRecords(Input input, Format.Records format, Caller caller) {
    IdentityKey key = input.key();
    if (key == null || !input.isFine()) {
      return malformed(input);
    }
    SettingsApi.Outcome outcome = settings.get(key, caller);
    return outcome instanceof SettingsApi.Outcome.Shown shown
        ? Answers.ok(utf8(format), RecordTexts.of(format, shown.view()), Map.of())
        : Answers.of(outcome, false);
  }

  private static String utf8(Format format) {
    return format.mediaType() + "; charset=utf-8";
  }

  private APIGatewayV2HTTPResponse getHistory(Input input, Caller caller) {
    IdentityKey key = input.key();
    Paging paging = input.paging();
    if (key == null || !input.isFine()) {
      return malformed(input);
    }
    IdentityStore.HistoryPage page =
        settings.history(key, paging.limit(), paging.cursor(), caller.at());
    return Answers.ok(IdentityRepresentation.history(page.items(), paging.next(page.nextCursor())));
  }

  private APIGatewayV2HTTPResponse listIdentities(Input input, Format format, Caller caller) {
    Paging paging = input.paging();
    boolean json = format == Format.Data.JSON;
    boolean records = input.viewsRecords(json);
    SettingsApi.FleetQuery query =
        new SettingsApi.FleetQuery(input.fleetFilter(), paging.limit(), paging.cursor());
    if (!input.isFine()) {
      return malformed(input);
    }
    while (true) {
      SettingsApi.FleetPage page = settings.list(query, caller.at());
      String next = paging.next(page.nextCursor());
      String body =
          switch (format) {
            case Format.Data.JSON -> IdentityRepresentation.fleet(page.items(), next);
            case Format.Data.CSV ->
                records ? FleetCsv.records(page.items()) : FleetCsv.identities(page.items());
            case Format.Records texts -> RecordTexts.of(texts, page.items());
          };
      if (body.length() > MAX_ANSWER_CHARACTERS && page.items().size() > 1) {
        // A shorter page loses nothing: its cursor goes on where it ends.
        query = query.atMost(page.items().size() / 2);
      } else if (json) {
        return Answers.ok(body);
      } else {
        Map<String, String> headers = new HashMap<>();
        if (next != null) {
          headers.put("Next-Cursor", next);
        }
        if (format == Format.Data.CSV) {
          headers.put("Content-Disposition", FleetCsv.disposition(records, caller.at()));
        }
        return Answers.ok(utf8(format), body, headers);
      }
    }
  }

  private APIGatewayV2HTTPResponse getSender(Input input, Caller caller) {
    IdentityKey key = input.sender();
    return key == null || !input.isFine()
        ? malformed(input)
        : Answers.ok(IdentityRepresentation.sender(settings.sender(key, caller.at())));
  }

  private APIGatewayV2HTTPResponse releaseHeld(Input input, Caller caller) {
    String region = input.region();
    return region == null || !input.isFine()
        ? malformed(input)
        : Answers.ok(Representation.released(settings.release(region, caller)));
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
