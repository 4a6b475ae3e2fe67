package mailfrom.aws;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import mailfrom.app.settings.ManagedPatterns;
import mailfrom.app.settings.ManagedStore;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** What may be changed, in one row of the table. */
public final class DynamoManagedStore implements ManagedStore {
  private final Table table;

  public DynamoManagedStore(Table table) {
    this.table = table;
  }

  private Map<String, AttributeValue> key() {
    return table.key("INSTALLATION#" + table.account(), "managed");
  }

  @Override
  public Optional<ManagedPatterns.Texts> find() {
    var answer =
        table.client().getItem(r -> r.tableName(table.name()).key(key()).consistentRead(true));
    return answer.hasItem()
        ? Optional.of(StateJson.read(Table.doc(answer.item()), ManagedPatterns.Texts.class))
        : Optional.empty();
  }

  @Override
  public void keep(ManagedPatterns.Texts texts) {
    if (find().filter(texts::equals).isPresent()) {
      return;
    }
    Map<String, AttributeValue> row = new HashMap<>(key());
    row.put(Table.DOC, Table.text(StateJson.write(texts)));
    row.put(Table.SCHEMA, Table.number(Table.SCHEMA_NOW));
    table.client().putItem(r -> r.tableName(table.name()).item(row));
  }
}
