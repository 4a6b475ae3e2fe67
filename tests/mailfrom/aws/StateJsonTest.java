package mailfrom.aws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Instant;
import mailfrom.domain.effect.Cause;
import mailfrom.domain.identity.Silence;
import mailfrom.domain.incident.Reason;
import mailfrom.domain.incident.RunNotice;
import mailfrom.domain.incident.Severity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows that another version wrote. */
class StateJsonTest {
  private static final Instant T0 = Instant.parse("2026-11-25T10:00:00Z");

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

  @Test
  void aListThatAnOlderVersionDidNotWriteIsEmpty() {
    RunNotice read =
        StateJson.read(
            json(
                "{'id':'i','reason':'WEEKLY','severity':'INFO','text':'t','at':'%1$s','delivered':[]}"),
            RunNotice.class);
    assertEquals(new RunNotice("i", Reason.WEEKLY, Severity.INFO, "t", T0), read);
  }

  /** A run keeps the rows of a fleet, which have most of their texts in common. */
  @Test
  void whatTwoRowsSayAlikeIsKeptOnce() {
    String text =
        json("{'id':'one','match':{},'from':'%1$s','until':'%1$s','reason':'alike','by':'b'}");
    Silence one = StateJson.read(text, Silence.class);
    Silence other = StateJson.read(text.replace("one", "other"), Silence.class);
    assertNotEquals(one.id(), other.id());
    assertSame(one.reason(), other.reason());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'id':'s','match':{},'from':'%1$s','until':'%1$s','reason':'r','by':'b'}",
        "{'id':'s','match':{'name':null},'from':'%1$s','until':'%1$s','reason':'r','by':'b'}",
        "{'by':'b','reason':'r','until':'%1$s','from':'%1$s','later':{'a':[{'b':1}],'c':{}},'match':{'later':[]},'id':'s'}",
      })
  void nullsUnknownFieldsAndAnyOrderAreRead(String text) {
    Silence read = StateJson.read(json(text), Silence.class);
    assertEquals(
        new Silence("s", new Silence.Match(null, null, null, null), T0, T0, "r", "b"), read);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{'id':'s','match':'none','from':'%1$s','until':'%1$s','reason':'r','by':'b'}",
        "{'id':'s','match':[],'from':'%1$s','until':'%1$s','reason':'r','by':'b'}",
        "{'id':'s','match':",
        "{'id':'s','match':{}",
        "{'id':'s','match':{'cause':'NO_SUCH_CAUSE'},'from':'%1$s','until':'%1$s','reason':'r','by':'b'}",
        "{'id':'s','match':{},'from':'yesterday','until':'%1$s','reason':'r','by':'b'}",
      })
  void aRowThatIsNoneIsRefusedAndNotGuessed(String text) {
    assertThrows(IllegalStateException.class, () -> StateJson.read(json(text), Silence.class));
  }

  private static String json(String text) {
    return text.formatted(T0).replace('\'', '"');
  }
}
