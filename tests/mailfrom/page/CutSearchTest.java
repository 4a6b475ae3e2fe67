package mailfrom.page;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import mailfrom.app.advice.Links;
import mailfrom.app.run.World;
import mailfrom.app.settings.Fleet;
import mailfrom.domain.desired.HealPolicy;
import org.junit.jupiter.api.Test;

/** The fleet's view when there are more identities than one search looks at. */
class CutSearchTest {
  private final World world = new World();

  CutSearchTest() {
    for (String name : List.of("one.example", "two.example", "three.example")) {
      world.ses.addDomain(World.REGION, name, true);
    }
    world.read();
  }

  private String search(int lookingAt, String name) {
    HealPolicy policy = new HealPolicy(true, false);
    Fleet fleet = new Fleet(world.identities, world.regions, List.of(World.REGION), policy, false);
    Pages pages =
        new Pages(
            new Sources(
                World.ACCOUNT,
                List.of(World.REGION),
                new Links("https://api.example", "", ""),
                policy,
                fleet.lookingAt(lookingAt),
                world.identities,
                world.regions,
                world.batches),
            InstantSource.fixed(world.time.instant()));
    return pages.draw(
        new WidgetCall(false, Map.of("view", "fleet", "name", name), Map.of(), false, null, null),
        "arn");
  }

  @Test
  void aSearchThatEndsBeforeTheFleetDoesSaysHowFarItCameAndGoesOn() {
    String html = search(2, "nobody");
    assertTrue(html.contains("Searched 2 of 3 identities, the worst first."), html);
    assertTrue(html.contains("None so far is like this."), html);
    assertTrue(html.contains("Go on"), html);
  }

  @Test
  void aSearchThroughAllSaysThatNobodyIsLikeThis() {
    String html = search(4, "nobody");
    assertFalse(html.contains("Searched"), html);
    assertTrue(html.contains("No identity is like this."), html);
    assertFalse(html.contains("Go on"), html);
  }
}
