package mailfrom.domain.findings;

import java.util.SortedSet;
import mailfrom.domain.dns.MxRecord;
import org.jspecify.annotations.Nullable;

/**
 * For whom a MAIL FROM domain is looked at.
 *
 * @param region the Region of the identity
 * @param regionsOfName all Regions whose identities use the name
 * @param success whether SES says Success for the name: then our opinion about the MX is a warning
 * @param dkimSigns whether DKIM is known to sign for the identity (true), known not to (false), or
 *     not known
 */
public record NameUse(
    String region, SortedSet<String> regionsOfName, boolean success, @Nullable Boolean dkimSigns) {

  /**
   * The one MX record that all Regions of the name are told to publish: were each told its own,
   * following two of them would break both.
   */
  MxRecord expectedMx() {
    return MxRecord.feedback(regionsOfName.isEmpty() ? region : regionsOfName.first());
  }

  /** Whether an identity uses the name in a Region: it exists, however new it is. */
  boolean isIn(String other) {
    return other.equals(region) || regionsOfName.contains(other);
  }
}
