package mailfrom.app;

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
