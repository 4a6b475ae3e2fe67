package mailfrom.app.store;

import mailfrom.app.batch.Batches;
import mailfrom.app.batch.InMemoryBatches;
import mailfrom.app.pace.InMemoryLeases;
import mailfrom.app.pace.InMemorySlots;
import mailfrom.app.pace.Leases;
import mailfrom.app.pace.SlotTable;

import mailfrom.aws.TextForm;

/** The table in memory keeps the contract. */
class InMemoryTableTest extends TableContract {
  private final Identities identities = new InMemoryIdentities(TextForm::throughText);
  private final Regions regions = new InMemoryRegions();
  private final SlotTable slots = new InMemorySlots();
  private final Batches batches = new InMemoryBatches();
  private final Leases leases = new InMemoryLeases(clock);

  @Override
  protected Identities identities() {
    return identities;
  }

  @Override
  protected Regions regions() {
    return regions;
  }

  @Override
  protected SlotTable slots() {
    return slots;
  }

  @Override
  protected Batches batches() {
    return batches;
  }

  @Override
  protected Leases leases() {
    return leases;
  }
}
