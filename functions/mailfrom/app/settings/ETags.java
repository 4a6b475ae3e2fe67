package mailfrom.app.settings;

import java.util.TreeSet;
import mailfrom.domain.desired.Desired;
import mailfrom.domain.incident.Notice;
import org.jspecify.annotations.Nullable;

/** The ETag of an identity's representation: it covers what is desired, and nothing else. */
public final class ETags {
  private ETags() {}

  /** The ETag, with its quotes. Never asked has one too. */
  public static String of(@Nullable Desired desired) {
    String text =
        desired == null
            ? "never asked"
            : String.join(
                "\n",
                String.valueOf(desired.settings().mailFromDomain()),
                desired.settings().behaviorOnMxFailure().word(),
                desired.activation().word(),
                new TreeSet<>(desired.accept()).toString(),
                desired.labels().toString());
    return "\"" + Notice.hash(text) + "\"";
  }
}
