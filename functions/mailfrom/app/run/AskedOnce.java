package mailfrom.app.run;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import mailfrom.app.fleet.FleetFilter;
import mailfrom.app.pace.CallResult;
import mailfrom.app.tell.Topics;
import mailfrom.domain.identity.Silence;
import org.jspecify.annotations.Nullable;

/**
 * What is the same for all Regions of a run: the first that needs it asks, for all. What threw is
 * asked again by the next one, which fails by it as well.
 */
final class AskedOnce {
  private final Parts parts;
  private final Map<Topics.Name, CallResult<Integer>> listeners = new EnumMap<>(Topics.Name.class);
  private @Nullable List<Silence> silences;
  private boolean listSeen;

  AskedOnce(Parts parts) {
    this.parts = parts;
  }

  synchronized List<Silence> silences() {
    if (silences == null) {
      silences = parts.regions().silences();
    }
    return silences;
  }

  /** Who listens to a topic. */
  synchronized CallResult<Integer> listeners(Topics.Name topic) {
    return listeners.computeIfAbsent(topic, parts.topics()::listeners);
  }

  /** A table without its index is found by who runs, not by who looks at the fleet. */
  synchronized void seeList(String region) {
    if (!listSeen) {
      var _ = parts.identities().places(region, FleetFilter.ALL, "", 1, 1);
      listSeen = true;
    }
  }
}
