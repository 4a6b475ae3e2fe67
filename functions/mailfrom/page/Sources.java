package mailfrom.page;

import java.util.List;
import mailfrom.app.batch.BatchStore;
import mailfrom.app.settings.Fleet;
import mailfrom.app.store.IdentityStore;
import mailfrom.app.store.RegionStore;

/**
 * Where the page reads: the table alone.
 *
 * @param regions the watched Regions
 * @param api where the API answers, for commands; empty: not known
 */
record Sources(
    String account,
    List<String> regions,
    String api,
    Fleet fleet,
    IdentityStore identities,
    RegionStore regionStore,
    BatchStore batches) {}
