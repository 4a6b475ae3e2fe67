package mailfrom.aws;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import mailfrom.app.pace.Tasks;
import mailfrom.app.store.Receipts;
import mailfrom.domain.incident.Notice;
import mailfrom.domain.name.DomainName;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * What receipt rules receive, in the table. SES takes 200 rules of 500 recipients a Region, which
 * fill many rows: so all but few are spread over buckets by their host, and a look at one domain
 * reads the buckets of the hosts that cover it. The buckets are of a generation, which the head row
 * names once all of it is written.
 */
final class DynamoReceipts {
  /** A row takes 400 KB, and a bucket may get twice its share. */
  private static final int BUCKET_CHARACTERS = 100_000;

  private static final int CALLS_AT_ONCE = 8;
  private static final Duration KEPT = Duration.ofDays(30);
  private static final Duration WRITTEN_AGAIN_AFTER = Duration.ofDays(15);
  private static final String HEAD = "head";

  private final Table table;

  DynamoReceipts(Table table) {
    this.table = table;
  }

  /**
   * The head row.
   *
   * @param at when the rules were read
   * @param recipients all of them, when they are few
   * @param buckets where they are otherwise; null when they are few
   */
  record Head(Instant at, List<String> recipients, @Nullable Buckets buckets) {}

  /**
   * Recipients in rows of their own.
   *
   * @param generation a hash of all recipients
   */
  record Buckets(String generation, int count, Instant writtenAt) {
    private String row(String host) {
      return "%s#%d".formatted(generation, Math.floorMod(host.hashCode(), count));
    }
  }

  record Bucket(List<String> recipients) {}

  private Map<String, AttributeValue> key(String region, String row) {
    return table.key("RECEIPT#%s#%s".formatted(table.account(), region), row);
  }

  private <T extends Record> Optional<T> find(String region, String row, Class<T> type) {
    var answer =
        table
            .client()
            .getItem(r -> r.tableName(table.name()).key(key(region, row)).consistentRead(true));
    return answer.hasItem()
        ? Optional.of(StateJson.read(Table.doc(answer.item()), type))
        : Optional.empty();
  }

  private void put(String region, String row, Record doc, @Nullable Instant expiresAt) {
    Map<String, AttributeValue> item = new HashMap<>(key(region, row));
    item.put(Table.DOC, Table.text(StateJson.write(doc)));
    item.put(Table.SCHEMA, Table.number(Table.SCHEMA_NOW));
    if (expiresAt != null) {
      item.put(Table.EXPIRES_AT, Table.number(expiresAt.getEpochSecond()));
    }
    table.client().putItem(r -> r.tableName(table.name()).item(item));
  }

  void keep(String region, Receipts read) {
    int characters = read.recipients().stream().mapToInt(String::length).sum();
    if (characters <= BUCKET_CHARACTERS) {
      put(region, HEAD, new Head(read.at(), read.recipients(), null), null);
      return;
    }
    Buckets known = find(region, HEAD, Head.class).map(Head::buckets).orElse(null);
    String generation = Notice.hash(String.join("\n", read.recipients()));
    boolean isWritten =
        known != null
            && known.generation().equals(generation)
            && read.at().isBefore(known.writtenAt().plus(WRITTEN_AGAIN_AFTER));
    Buckets buckets =
        isWritten && known != null
            ? known
            : new Buckets(generation, 1 + characters / BUCKET_CHARACTERS, read.at());
    if (!isWritten) {
      write(region, buckets, read);
    }
    put(region, HEAD, new Head(read.at(), List.of(), buckets), null);
  }

  private void write(String region, Buckets buckets, Receipts read) {
    Map<String, List<String>> rows = new HashMap<>();
    for (int i = 0; i < buckets.count(); i++) {
      rows.put("%s#%d".formatted(buckets.generation(), i), new ArrayList<>());
    }
    for (String recipient : read.recipients()) {
      List<String> row = rows.get(buckets.row(Receipts.host(recipient)));
      if (row != null) {
        row.add(recipient);
      }
    }
    List<Supplier<String>> writes = new ArrayList<>();
    rows.forEach(
        (row, recipients) ->
            writes.add(
                () -> {
                  put(region, row, new Bucket(recipients), read.at().plus(KEPT));
                  return row;
                }));
    var _ = Tasks.sideBySide(CALLS_AT_ONCE, writes, Supplier::get);
  }

  Optional<Receipts> covering(String region, DomainName domain) {
    Head head = find(region, HEAD, Head.class).orElse(null);
    if (head == null) {
      return Optional.empty();
    }
    Buckets buckets = head.buckets();
    if (buckets == null) {
      return Optional.of(new Receipts(head.recipients(), head.at()).covering(domain));
    }
    List<Supplier<Optional<Bucket>>> reads = new ArrayList<>();
    Receipts.hostsCovering(domain).stream()
        .map(buckets::row)
        .distinct()
        .forEach(row -> reads.add(() -> find(region, row, Bucket.class)));
    List<String> recipients = new ArrayList<>();
    for (Optional<Bucket> bucket : Tasks.sideBySide(CALLS_AT_ONCE, reads, Supplier::get)) {
      if (bucket.isEmpty()) {
        // Another generation is there by now, or this one was not written again in time.
        return Optional.empty();
      }
      recipients.addAll(bucket.get().recipients());
    }
    return Optional.of(new Receipts(recipients, head.at()).covering(domain));
  }
}
