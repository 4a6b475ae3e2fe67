package mailfrom.api;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import java.util.Optional;
import mailfrom.api.request.Input;
import mailfrom.api.request.Paging;
import mailfrom.app.tell.SilenceApi;
import mailfrom.domain.identity.Caller;

/** The calls about silences. */
record SilenceRequests(SilenceApi silences) {

  APIGatewayV2HTTPResponse post(Input input, Caller caller) {
    boolean dryRun = input.dryRun();
    Optional<SilenceApi.Ask> ask = input.silence();
    return input.isFine()
        ? Answers.of(silences.create(ask.orElseThrow(), dryRun, caller), caller.at())
        : Answers.malformed(input.problems());
  }

  APIGatewayV2HTTPResponse list(Input input, Caller caller) {
    Paging paging = input.paging();
    if (!input.isFine()) {
      return Answers.malformed(input.problems());
    }
    SilenceApi.Page page = silences.list(paging.limit(), paging.cursor());
    return Answers.ok(
        SilenceRepresentation.silences(page.items(), paging.next(page.nextCursor()), caller.at()));
  }

  APIGatewayV2HTTPResponse delete(Input input, String id, Caller caller) {
    if (!input.isFine()) {
      return Answers.malformed(input.problems());
    }
    return silences
        .end(id, caller)
        .map(silence -> Answers.ok(SilenceRepresentation.silence(silence, caller.at())))
        .orElseGet(Answers::unknownSilence);
  }
}
