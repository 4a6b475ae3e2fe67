package mailfrom.domain.desired;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import mailfrom.domain.ses.Settings;

/**
 * What was asked of this system for one identity. An identity without it was never asked for, which
 * is not the same as being asked for nothing.
 *
 * @param settings a null MAIL FROM domain: nothing is wanted
 * @param accept the violations that the caller overrides
 * @param labels at most five names, for people and message filters
 */
public record Desired(
    Settings settings,
    Activation activation,
    Set<ViolationCode> accept,
    Map<String, String> labels) {

  public Desired {
    accept = accept.isEmpty() ? Set.of() : Collections.unmodifiableSet(EnumSet.copyOf(accept));
    labels = Collections.unmodifiableMap(new TreeMap<>(labels));
  }

  /** Asked for nothing. */
  public static Desired nothing(Map<String, String> labels) {
    return new Desired(Settings.NONE, Activation.STAGED, Set.of(), labels);
  }

  public boolean wantsNothing() {
    return settings.mailFromDomain() == null;
  }
}
