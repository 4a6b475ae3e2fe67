package mailfrom.app.batch;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A thousand items at a hundred times SES's pace, killed ten times. */
@Tag("slow")
class BatchSlowTest {
  @Test
  void aThousandItemsSurviveTenKills() {
    BatchKills.run(new BatchWorld(100), 1_000, 3_000, BatchKills.seed());
  }
}
