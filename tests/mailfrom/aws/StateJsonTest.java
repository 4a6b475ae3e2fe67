package mailfrom.aws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import mailfrom.app.RegionState;
import org.junit.jupiter.api.Test;

/** Rows that another version wrote. */
class StateJsonTest {
  @Test
  void aRegionsRowFromBeforeThereWereSilencesIsRead() {
    RegionState region =
        StateJson.read(
            "{\"region\":\"us-east-1\",\"owed\":[],\"rowVersion\":7,\"later\":true}",
            RegionState.class);
    assertEquals(List.of(), region.silencesOver());
    assertNull(region.weekTold());
    assertEquals(region, StateJson.read(StateJson.write(region), RegionState.class));
  }
}
