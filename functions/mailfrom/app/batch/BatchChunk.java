package mailfrom.app.batch;

import java.util.List;

/**
 * Some neighbouring items of a batch: one row of the table.
 *
 * @param batch the batch's id
 * @param number its place among the batch's chunks, from 0
 * @param rowVersion what a conditional write compares; 0 while it is not stored
 */
public record BatchChunk(String batch, int number, List<BatchItem> items, long rowVersion) {
  public BatchChunk {
    items = List.copyOf(items);
  }

  public BatchChunk withRowVersion(long version) {
    return new BatchChunk(batch, number, items, version);
  }
}
