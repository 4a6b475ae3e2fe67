package mailfrom.page;

import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import mailfrom.app.advice.Links;
import mailfrom.app.run.World;
import mailfrom.app.settings.Fleet;
import mailfrom.domain.desired.HealPolicy;

/** The page over a table in memory. */
final class DrawnPage {
  private DrawnPage() {}

  static Pages of(World world, Links links, HealPolicy policy) {
    return new Pages(
        new Sources(
            World.ACCOUNT,
            List.of(World.REGION),
            links,
            policy,
            new Fleet(world.identities, world.regions, List.of(World.REGION), policy, false),
            world.identities,
            world.regions,
            world.batches),
        InstantSource.fixed(world.time.instant()));
  }

  static WidgetCall call(Map<String, String> parameters) {
    return new WidgetCall(false, parameters, Map.of(), false, null, null);
  }

  /** What a person reads of it. */
  static String words(String html) {
    return html.replaceAll("(?s)<style.*?</style>", " ")
        .replaceAll("<[^>]*>", " ")
        .replace("&#39;", "'")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&#34;", "\"")
        .replace("&amp;", "&")
        .replaceAll("\\s+", " ");
  }
}
