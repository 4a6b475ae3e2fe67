package mailfrom.local;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import mailfrom.local.LocalSes.Call;

/** The calls that came to SES, of which the last are kept. */
final class CallLog {
  private static final int CALLS_KEPT = 200_000;

  private final Deque<Call> calls = new ArrayDeque<>();
  private long count;

  void add(
      Instant at, String region, String operation, QueryParameters parameters, String outcome) {
    count++;
    if (calls.size() == CALLS_KEPT) {
      calls.removeFirst();
    }
    List<String> named = named(parameters);
    calls.addLast(
        new Call(
            at,
            region,
            operation,
            named.size(),
            named.isEmpty() ? null : named.getFirst(),
            outcome));
  }

  private static List<String> named(QueryParameters parameters) {
    List<String> many = parameters.members("Identities");
    return many.isEmpty()
        ? List.of("Identity", "Domain", "EmailAddress", "Source").stream()
            .flatMap(name -> Optional.ofNullable(parameters.text(name)).stream())
            .limit(1)
            .toList()
        : many;
  }

  List<Call> all() {
    return List.copyOf(calls);
  }

  List<Call> of(String operation) {
    return calls.stream().filter(call -> call.operation().equals(operation)).toList();
  }

  /** How many there were since the start. */
  long count() {
    return count;
  }

  void forget() {
    calls.clear();
  }
}
