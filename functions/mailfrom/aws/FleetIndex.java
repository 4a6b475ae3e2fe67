package mailfrom.aws;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import mailfrom.app.fleet.FleetFilter;
import mailfrom.app.fleet.FleetPlace;
import mailfrom.app.store.IdentityStore;
import mailfrom.domain.identity.IdentityState;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;

/**
 * The table's indexes: a Region's identities in the order of the fleet, each with its facts and no
 * more, and in the order of their names, with nothing. Only what belongs to the fleet is in them;
 * they follow the table within moments, and are written only when a place or a fact changed.
 */
final class FleetIndex {
  /** As the template names it. */
  static final String NAME = "fleet";

  /** Has the fleet's own partitions, and the rows' own sort keys. */
  static final String NAMES = "names";

  /** As many as DynamoDB finds by their keys in a call. */
  static final int ROWS_A_CALL = 100;

  private static final String PARTITION = "fleet";
  private static final String ORDER = "worst";
  private static final String FACTS = "facts";

  /** Places that a call looks at, when few of them may match: more with each call. */
  private static final int FIRST_LOOK = 250;

  private static final int LONGEST_LOOK = 16_000;

  private final Table table;

  FleetIndex(Table table) {
    this.table = table;
  }

  private String partition(String region) {
    return "FLEET#" + table.account() + "#" + region;
  }

  /** What the row of an identity has for the index; none, and it is not in it. */
  Map<String, AttributeValue> attributes(IdentityState state) {
    return FleetPlace.of(state)
        .map(
            place ->
                Map.of(
                    PARTITION, Table.text(partition(state.key().region())),
                    ORDER, Table.text(place.order()),
                    FACTS, Table.text(FleetPlace.facts(state))))
        .orElse(Map.of());
  }

  /** Whether a row has what its state says. */
  boolean isInPlace(Map<String, AttributeValue> item, IdentityState state) {
    Map<String, AttributeValue> belongs = attributes(state);
    return Stream.of(PARTITION, ORDER, FACTS)
        .allMatch(name -> Table.text(item, name).equals(Table.text(belongs, name)));
  }

  IdentityStore.Places places(
      String region, FleetFilter filter, String from, int atLeast, int most) {
    Condition condition = Condition.of(filter);
    int look = condition.text() == null ? atLeast : Math.max(atLeast, FIRST_LOOK);
    List<FleetPlace> places = new ArrayList<>();
    int lookedAt = 0;
    for (FleetPlace.Span span : filter.spans()) {
      String begin = FleetPlace.byUtf8(from, span.from()) > 0 ? from : span.from();
      Map<String, AttributeValue> last = Map.of();
      // A span that ends before its begin has nothing left.
      boolean more = FleetPlace.byUtf8(begin, span.until()) < 0;
      while (more && places.size() < atLeast) {
        if (lookedAt >= most && !last.isEmpty()) {
          return new IdentityStore.Places(places, lookedAt, place(region, last));
        }
        int next = Math.min(look, Math.max(1, most - lookedAt));
        QueryResponse answer =
            table.client().query(request(region, begin, span.until(), condition, next, last));
        answer.items().forEach(item -> places.add(place(region, item)));
        lookedAt += answer.scannedCount();
        last = answer.lastEvaluatedKey();
        more = !last.isEmpty();
        look = Math.min(look * 4, LONGEST_LOOK);
      }
    }
    return new IdentityStore.Places(places, lookedAt, null);
  }

  private FleetPlace place(String region, Map<String, AttributeValue> item) {
    return FleetPlace.of(table.account(), region, Table.text(item, ORDER));
  }

  /** The rows whose sort key begins so. */
  List<Map<String, AttributeValue>> rows(String region, String prefix) {
    List<Map<String, AttributeValue>> keys =
        table
            .client()
            .queryPaginator(
                r ->
                    r.tableName(table.name())
                        .indexName(NAMES)
                        .keyConditionExpression("fleet = :fleet AND begins_with(sk, :prefix)")
                        .expressionAttributeValues(
                            Map.of(
                                ":fleet", Table.text(partition(region)),
                                ":prefix", Table.text(prefix)))
                        .projectionExpression("pk, sk"))
            .items()
            .stream()
            .toList();
    List<Map<String, AttributeValue>> rows = new ArrayList<>();
    for (int i = 0; i < keys.size(); i += ROWS_A_CALL) {
      rows.addAll(rows(keys.subList(i, Math.min(i + ROWS_A_CALL, keys.size()))));
    }
    return rows;
  }

  private QueryRequest request(
      String region,
      String from,
      String until,
      Condition condition,
      int look,
      Map<String, AttributeValue> after) {
    Map<String, AttributeValue> values = new HashMap<>(condition.values());
    values.put(":fleet", Table.text(partition(region)));
    values.put(":from", Table.text(from));
    values.put(":until", Table.text(until));
    return QueryRequest.builder()
        .tableName(table.name())
        .indexName(NAME)
        .keyConditionExpression("fleet = :fleet AND worst BETWEEN :from AND :until")
        .filterExpression(condition.text())
        .expressionAttributeValues(values)
        .projectionExpression(ORDER)
        .limit(look)
        .exclusiveStartKey(after.isEmpty() ? null : after)
        .build();
  }

  /**
   * What DynamoDB holds the facts against before it hands a place out.
   *
   * @param text null: nothing is asked for
   */
  private record Condition(@Nullable String text, Map<String, AttributeValue> values) {

    static Condition of(FleetFilter filter) {
      Map<String, AttributeValue> values = new HashMap<>();
      List<String> all = new ArrayList<>();
      for (Set<String> parts : filter.parts()) {
        List<String> any = new ArrayList<>();
        for (String part : parts) {
          String name = ":f" + values.size();
          values.put(name, Table.text(part));
          any.add("contains(%s, %s)".formatted(FACTS, name));
        }
        all.add(any.stream().collect(Collectors.joining(" OR ", "(", ")")));
      }
      return new Condition(all.isEmpty() ? null : String.join(" AND ", all), values);
    }
  }

  /** The rows of these keys, at most {@link #ROWS_A_CALL}; what is not there is left out. */
  List<Map<String, AttributeValue>> rows(List<Map<String, AttributeValue>> keys) {
    List<Map<String, AttributeValue>> rows = new ArrayList<>();
    Map<String, KeysAndAttributes> left =
        Map.of(table.name(), KeysAndAttributes.builder().keys(keys).build());
    Retry.Tries tries = table.retry().of("a part of the fleet");
    while (true) {
      Map<String, KeysAndAttributes> asked = left;
      var answer = table.client().batchGetItem(r -> r.requestItems(asked));
      rows.addAll(answer.responses().getOrDefault(table.name(), List.of()));
      left = answer.unprocessedKeys();
      if (left.isEmpty()) {
        return rows;
      }
      tries.again();
    }
  }
}
