package mailfrom.domain.dns;

import java.util.List;

/**
 * What one of the zone's own name servers says about the MX.
 *
 * @param hasAuthority whether it says that it is an authority; some servers never do
 */
public record ServerAnswer(NameServer server, Answer<MxRecord> mx, boolean hasAuthority) {

  /** As people read it. */
  public String text() {
    return server.text()
        + ": "
        + switch (mx) {
          case Answer.CouldNotAsk<MxRecord>(String why) -> why;
          case Answer.None<MxRecord> _ -> "no MX record";
          case Answer.Found<MxRecord>(List<MxRecord> records) -> "MX " + MxRecord.text(records);
        };
  }
}
