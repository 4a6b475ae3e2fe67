package mailfrom.app.read;

import java.time.Instant;
import java.util.Map;
import mailfrom.app.pace.CallResult;
import mailfrom.domain.name.IdentityName;
import mailfrom.domain.ses.Live;
import org.jspecify.annotations.Nullable;

/**
 * What a call gave, as it is kept for those who wait: found facts, or why there are none.
 *
 * @param begunAt when the call began, by the machine's clock
 */
public record SharedAnswer(
    Instant begunAt,
    CallResult.@Nullable Kind kind,
    @Nullable String why,
    Map<IdentityName, Live> live,
    Map<IdentityName, String> unknownWords,
    Map<IdentityName, Boolean> verified) {

  static SharedAnswer none(Instant begunAt, CallResult.Kind kind, String why) {
    return new SharedAnswer(begunAt, kind, why, Map.of(), Map.of(), Map.of());
  }
}
