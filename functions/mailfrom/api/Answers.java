package mailfrom.api;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import mailfrom.api.request.Problems;
import mailfrom.app.batch.Batch;
import mailfrom.app.batch.BatchApi;
import mailfrom.app.json.JsonWriter;
import mailfrom.app.settings.ETags;
import mailfrom.app.settings.SettingsApi;
import mailfrom.app.tell.SilenceApi;
import mailfrom.app.tell.TestAlertApi;
import mailfrom.app.tell.Topics;
import mailfrom.domain.desired.Problem;
import mailfrom.domain.desired.Violation;
import mailfrom.domain.identity.Silence;
import org.jspecify.annotations.Nullable;

/** The one place where outcomes and problems become HTTP. */
final class Answers {
  private static final String JSON = "application/json";
  private static final String PROBLEM = "application/problem+json";

  /** Every rule is about the name that is wanted. */
  private static final String RULES_POINTER = "/mailFromDomain";

  /** Watch applies what is queued every minute. */
  private static final Duration NEXT_APPLY = Duration.ofSeconds(60);

  private Answers() {}

  /** The answer to a call about one identity. */
  static APIGatewayV2HTTPResponse of(SettingsApi.Outcome outcome, boolean dryRun) {
    return switch (outcome) {
      case SettingsApi.Outcome.Shown(
              SettingsApi.IdentityView view,
              boolean accepted,
              @Nullable Boolean changed,
              List<Problem> warnings) ->
          shown(view, accepted, new IdentityRepresentation.Change(changed, dryRun, warnings));
      case SettingsApi.Outcome.RulesBroken(List<Violation> violations, List<Problem> warnings) ->
          problem(
              ProblemType.RULES_BROKEN,
              "Nothing was changed. Mend each violation, or name in accept those codes that may be"
                  + " overridden.",
              violations.stream()
                  .map(v -> new Problem(v.code().name(), v.message(), RULES_POINTER))
                  .toList(),
              warnings,
              Map.of());
      case SettingsApi.Outcome.RefusedBySes(String words) ->
          problem(
              ProblemType.REFUSED_BY_SES,
              "SES says: " + words,
              List.of(new Problem("REFUSED", words, RULES_POINTER)),
              List.of(),
              Map.of());
      case SettingsApi.Outcome.UnknownIdentity() ->
          problem(
              ProblemType.UNKNOWN_IDENTITY,
              "SES has no such identity in this Region. Check its spelling and ?region=, or create"
                  + " it in SES first.");
      case SettingsApi.Outcome.NotManaged() -> notManaged();
      case SettingsApi.Outcome.PreconditionFailed() ->
          problem(
              ProblemType.PRECONDITION_FAILED,
              "Somebody else changed what is desired since you read it. Read it again, and send the"
                  + " new ETag.");
      case SettingsApi.Outcome.CouldNotAskSes(Duration retryAfter) ->
          problem(
              ProblemType.COULD_NOT_ASK_SES,
              "SES did not answer, or had no call left for us. Try again after the seconds of"
                  + " Retry-After.",
              List.of(),
              List.of(),
              Map.of("Retry-After", seconds(retryAfter)));
      case SettingsApi.Outcome.CutShort(SettingsApi.Outcome answer, RuntimeException _) ->
          of(answer, dryRun);
    };
  }

  private static APIGatewayV2HTTPResponse shown(
      SettingsApi.IdentityView view, boolean accepted, IdentityRepresentation.Change change) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("ETag", ETags.of(view.state().desired()));
    if (accepted) {
      headers.put("Retry-After", seconds(NEXT_APPLY));
    }
    return answer(
        accepted ? 202 : 200, JSON, IdentityRepresentation.identity(view, change), headers);
  }

  /** The answer to a new batch, or to the same request sent again. */
  static APIGatewayV2HTTPResponse of(BatchApi.Created created) {
    return switch (created) {
      case BatchApi.Created.Accepted(Batch batch) ->
          answer(
              202,
              JSON,
              BatchRepresentation.batch(batch),
              Map.of(
                  "Location",
                  "/v1/mail-from-batches/" + batch.id(),
                  "Retry-After",
                  seconds(NEXT_APPLY)));
      case BatchApi.Created.KeyReused() ->
          problem(
              ProblemType.IDEMPOTENCY_KEY_REUSED,
              "Nothing was changed. The same key stands for the same request, body and dryRun"
                  + " included: make a new key for a new request.");
    };
  }

  static APIGatewayV2HTTPResponse unknownBatch() {
    return problem(
        ProblemType.UNKNOWN_BATCH,
        "Check its id: it is in the answer to the POST that made it. A batch is kept for 30 days"
            + " after its end.");
  }

  /** The answer to a new silence. */
  static APIGatewayV2HTTPResponse of(SilenceApi.Created created, Instant now) {
    return switch (created) {
      case SilenceApi.Created.Kept(Silence silence, SilenceApi.Matches matches) ->
          answer(
              201,
              JSON,
              SilenceRepresentation.silence(silence, false, matches, now),
              Map.of("Location", "/v1/silences/" + silence.id()));
      case SilenceApi.Created.WouldKeep(Silence silence, SilenceApi.Matches matches) ->
          ok(SilenceRepresentation.silence(silence, true, matches, now));
      case SilenceApi.Created.TooMany() ->
          problem(
              ProblemType.TOO_MANY_SILENCES,
              "Nothing was changed. %d silences are kept, ended ones for 30 days. Match more with"
                      .formatted(SilenceApi.MAX_KEPT)
                  + " one silence: by a pattern of names, a label or a cause.");
    };
  }

  /** The answer to a test of the messages. */
  static APIGatewayV2HTTPResponse of(TestAlertApi.Outcome outcome) {
    return switch (outcome) {
      case TestAlertApi.Outcome.AllSent sent -> ok(Representation.testAlert(sent));
      case TestAlertApi.Outcome.NotTaken(
              Topics.Name topic,
              String why,
              List<TestAlertApi.Sent> sent,
              Duration retryAfter) ->
          problem(
              ProblemType.COULD_NOT_PUBLISH,
              "The topic %s did not take its message: %s. %d messages were sent before it. Alerts"
                      .formatted(JsonWriter.word(topic), why, sent.size())
                  + " would not arrive either: look at the topic, its key and the function's role.",
              List.of(),
              List.of(),
              Map.of("Retry-After", seconds(retryAfter)));
    };
  }

  static APIGatewayV2HTTPResponse unknownSilence() {
    return problem(
        ProblemType.UNKNOWN_SILENCE,
        "GET /v1/silences lists those that there are. A silence is kept for 30 days after its"
            + " end.");
  }

  static APIGatewayV2HTTPResponse ok(String json) {
    return ok(JSON, json, Map.of());
  }

  static APIGatewayV2HTTPResponse ok(String mediaType, String body, Map<String, String> headers) {
    return answer(200, mediaType, body, headers);
  }

  static APIGatewayV2HTTPResponse notManaged() {
    return problem(
        ProblemType.NOT_MANAGED,
        "This installation may read this identity and not change it. Whoever runs it names the"
            + " managed identities in the parameters ManagedAllow and ManagedDeny.");
  }

  /** Every problem of a request; rules (422) only when nothing else is wrong with it. */
  static APIGatewayV2HTTPResponse malformed(Problems problems) {
    int untold = problems.untold();
    return problem(
        problems.rulesOnly() ? ProblemType.RULES_BROKEN : ProblemType.MALFORMED_REQUEST,
        "Nothing was changed. Mend each violation, then send it again."
            + (untold == 0 ? "" : " %d more are not listed.".formatted(untold)),
        problems.told(),
        List.of(),
        Map.of());
  }

  static APIGatewayV2HTTPResponse notJson() {
    return problem(
        ProblemType.UNSUPPORTED_MEDIA_TYPE,
        "Send JSON in UTF-8, with the header Content-Type: application/json.");
  }

  static APIGatewayV2HTTPResponse methodNotAllowed(List<String> allowed) {
    String methods = String.join(", ", allowed);
    return problem(
        ProblemType.METHOD_NOT_ALLOWED,
        "Use one of: " + methods + ".",
        List.of(),
        List.of(),
        Map.of("Allow", methods));
  }

  static APIGatewayV2HTTPResponse problem(ProblemType type, String detail) {
    return problem(type, detail, List.of(), List.of(), Map.of());
  }

  private static APIGatewayV2HTTPResponse problem(
      ProblemType type,
      String detail,
      List<Problem> violations,
      List<Problem> warnings,
      Map<String, String> headers) {
    return answer(
        type.status(),
        PROBLEM,
        Representation.problem(type, detail, violations, warnings),
        headers);
  }

  private static APIGatewayV2HTTPResponse answer(
      int status, String mediaType, String body, Map<String, String> more) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Content-Type", mediaType);
    headers.put("Cache-Control", "no-store");
    headers.put("X-Content-Type-Options", "nosniff");
    headers.putAll(more);
    return APIGatewayV2HTTPResponse.builder()
        .withStatusCode(status)
        .withHeaders(headers)
        .withBody(wellFormed(body))
        .withIsBase64Encoded(false)
        .build();
  }

  /** Half a surrogate pair, repeated from a request, would fail on its way out. */
  private static String wellFormed(String body) {
    return new String(body.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
  }

  /** Whole seconds, as HTTP counts them, rounded up. */
  private static String seconds(Duration duration) {
    return Long.toString(Math.max(1, duration.plusMillis(999).toSeconds()));
  }
}
