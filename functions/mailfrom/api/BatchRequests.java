package mailfrom.api;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import java.util.Optional;
import java.util.Set;
import mailfrom.api.request.Input;
import mailfrom.api.request.Paging;
import mailfrom.app.batch.Batch;
import mailfrom.app.batch.BatchApi;
import mailfrom.app.batch.BatchItem;
import mailfrom.domain.identity.Caller;

/** The calls about batches. */
record BatchRequests(BatchApi batches) {

  APIGatewayV2HTTPResponse post(Input input, Caller caller) {
    Optional<BatchApi.Order> order = input.order();
    return input.isFine()
        ? Answers.of(batches.create(order.orElseThrow(), caller))
        : Answers.malformed(input.problems());
  }

  APIGatewayV2HTTPResponse list(Input input, Caller caller) {
    Paging paging = input.paging();
    Set<Batch.State> states = input.batchStates();
    if (!input.isFine()) {
      return Answers.malformed(input.problems());
    }
    BatchApi.Heads page = batches.list(states, paging.limit(), paging.cursor(), caller.at());
    return Answers.ok(BatchRepresentation.batches(page.batches(), paging.next(page.nextCursor())));
  }

  APIGatewayV2HTTPResponse get(Input input, String id, Caller caller) {
    Paging paging = input.paging();
    Set<BatchItem.State> states = input.itemStates();
    if (!input.isFine()) {
      return Answers.malformed(input.problems());
    }
    return batches
        .get(id, states, paging.limit(), paging.cursor(), caller.at())
        .map(page -> Answers.ok(BatchRepresentation.batch(page, paging.next(page.nextCursor()))))
        .orElseGet(Answers::unknownBatch);
  }

  APIGatewayV2HTTPResponse delete(Input input, String id, Caller caller) {
    if (!input.isFine()) {
      return Answers.malformed(input.problems());
    }
    return batches
        .cancel(id, caller)
        .map(batch -> Answers.ok(BatchRepresentation.batch(batch)))
        .orElseGet(Answers::unknownBatch);
  }
}
