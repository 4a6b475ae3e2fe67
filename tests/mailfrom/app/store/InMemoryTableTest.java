package mailfrom.app.store;

import mailfrom.app.batch.BatchStore;
import mailfrom.app.batch.InMemoryBatchStore;
import mailfrom.app.pace.InMemoryLeaseStore;
import mailfrom.app.pace.InMemorySlotStore;
import mailfrom.app.pace.LeaseStore;
import mailfrom.app.pace.SlotStore;
import mailfrom.aws.TextForm;

/** The table in memory keeps the contract. */
class InMemoryTableTest extends TableContract {
  private final IdentityStore identities = new InMemoryIdentityStore(TextForm::throughText);
  private final RegionStore regions = new InMemoryRegionStore();
  private final SlotStore slots = new InMemorySlotStore();
  private final BatchStore batches = new InMemoryBatchStore();
  private final LeaseStore leases = new InMemoryLeaseStore(clock);

  @Override
  protected IdentityStore identities() {
    return identities;
  }

  @Override
  protected RegionStore regions() {
    return regions;
  }

  @Override
  public SlotStore slots() {
    return slots;
  }

  @Override
  public BatchStore batches() {
    return batches;
  }

  @Override
  public LeaseStore leases() {
    return leases;
  }
}
