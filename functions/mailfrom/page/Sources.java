package mailfrom.page;

import java.util.List;
import mailfrom.app.advice.Links;
import mailfrom.app.batch.BatchStore;
import mailfrom.app.settings.Fleet;
import mailfrom.app.store.IdentityStore;
import mailfrom.app.store.RegionStore;
import mailfrom.domain.desired.HealPolicy;

/**
 * Where the page reads: the table alone.
 *
 * @param regions the watched Regions
 * @param links where the API answers, for commands
 * @param policy what heals without anybody
 */
record Sources(
    String account,
    List<String> regions,
    Links links,
    HealPolicy policy,
    Fleet fleet,
    IdentityStore identities,
    RegionStore regionStore,
    BatchStore batches) {}
