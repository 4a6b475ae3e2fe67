package mailfrom.aws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Instant;
import java.util.List;
import mailfrom.app.store.RegionState;
import mailfrom.domain.effect.Cause;
import mailfrom.domain.identity.Silence;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

  /**
   * The text is a contract with the versions before and after: fields by name, nothing for null.
   */
  @Test
  void aRecordIsAnObjectOfItsComponentsWithoutWhatIsNull() {
    Silence silence =
        new Silence(
            "s-1",
            new Silence.Match("*.example.com", null, null, Cause.FAILED),
            Instant.parse("2026-11-25T10:00:00Z"),
            Instant.parse("2026-11-26T10:00:00.5Z"),
            "a \"move\"",
            "arn:mia");
    String text = StateJson.write(silence);
    assertEquals(
        "{\"id\":\"s-1\",\"match\":{\"name\":\"*.example.com\",\"cause\":\"FAILED\"},"
            + "\"from\":\"2026-11-25T10:00:00Z\",\"until\":\"2026-11-26T10:00:00.500Z\","
            + "\"reason\":\"a \\\"move\\\"\",\"by\":\"arn:mia\"}",
        text);
    assertEquals(silence, StateJson.read(text, Silence.class));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"region\":\"us-east-1\",\"owed\":[],\"lastRun\":null,\"rowVersion\":7}",
        "{\"owed\":[],\"region\":\"us-east-1\",\"later\":{\"a\":[{\"b\":1}],\"c\":{}},\"rowVersion\":7}",
        "{\"rowVersion\":7,\"owed\":[],\"region\":\"us-east-1\"}",
      })
  void nullsUnknownFieldsAndAnyOrderAreRead(String text) {
    RegionState region = StateJson.read(text, RegionState.class);
    assertEquals("us-east-1", region.region());
    assertEquals(7, region.rowVersion());
    assertNull(region.lastRun());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{\"region\":\"us-east-1\",\"owed\":\"none\",\"rowVersion\":7}",
        "{\"region\":\"us-east-1\",\"owed\":[],\"lastRun\":[]}",
        "{\"owed\":[],\"region\":",
        "{\"owed\":[],\"region\":\"us-east-1\"",
        "{\"region\":\"us-east-1\",\"owed\":[],\"rowVersion\":\"seven\"}",
        "{\"region\":\"us-east-1\",\"owed\":[{\"reason\":\"NO_SUCH_REASON\"}]}",
        "{\"region\":\"us-east-1\",\"owed\":[],\"blindSince\":\"yesterday\"}",
      })
  void aRowThatIsNoneIsRefusedAndNotGuessed(String text) {
    assertThrows(IllegalStateException.class, () -> StateJson.read(text, RegionState.class));
  }
}
