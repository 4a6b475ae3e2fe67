package mailfrom.app.read;

import java.util.List;
import java.util.Map;
import mailfrom.app.pace.CallResult;
import mailfrom.domain.name.IdentityName;
import mailfrom.domain.ses.Live;
import mailfrom.domain.ses.Settings;
import org.jspecify.annotations.Nullable;

/**
 * SES in one account, each call once and without retries. Who calls takes a slot first ({@link
 * Pace}). A read takes at most 100 identities; those that SES does not know are not in the answer.
 */
public interface Ses {

  /** The identities that one read takes at most. */
  int BATCH = 100;

  /** A page of at most 1,000 names. */
  record Page(List<IdentityName> names, @Nullable String nextToken) {}

  CallResult<Page> list(String region, @Nullable String token);

  /** The live settings; an identity whose status word is not known is in {@code unknownWords}. */
  record MailFrom(Map<IdentityName, Live> live, Map<IdentityName, String> unknownWords) {}

  CallResult<MailFrom> mailFrom(String region, List<IdentityName> names);

  /** Whether each identity is verified. */
  CallResult<Map<IdentityName, Boolean>> verified(String region, List<IdentityName> names);

  /** Whether DKIM signs the mail of each identity. */
  CallResult<Map<IdentityName, Boolean>> dkimSigns(String region, List<IdentityName> names);

  /** Whether feedback of each identity is forwarded by e-mail. */
  CallResult<Map<IdentityName, Boolean>> forwarding(String region, List<IdentityName> names);

  /**
   * The recipients of the enabled rules of the active receipt rule set; a rule without recipients
   * is the empty text. Empty when no rule set is active.
   */
  CallResult<List<String>> receiptRecipients(String region);

  /** What came of SetIdentityMailFromDomain. */
  sealed interface SetAnswer {

    /** SES has other calls to take. */
    record Throttled() implements SetAnswer {}

    /** Nothing was set: the call is to be made in another slot. */
    record Again() implements SetAnswer {}

    /** What is to be recorded. */
    sealed interface Answered extends SetAnswer {}

    record Done() implements Answered {}

    /** A definite refusal, in SES's own words. */
    record Refused(String words) implements Answered {}

    /** SES says that the identity is not verified yet. */
    record NotVerified(String words) implements Answered {}

    /** A timeout or an inner error of SES: it may have taken effect, or not. */
    record Unknown(String why) implements Answered {}
  }

  SetAnswer set(String region, IdentityName name, Settings settings);
}
