package mailfrom.app.read;

import java.util.List;
import java.util.Map;
import mailfrom.app.pace.CallResult;
import mailfrom.app.pace.Slot;
import mailfrom.domain.name.IdentityName;
import mailfrom.domain.ses.Dkim;
import mailfrom.domain.ses.Live;
import mailfrom.domain.ses.Settings;
import org.jspecify.annotations.Nullable;

/**
 * SES in one account, each call once, without retries, in the slot that its caller took for it
 * ({@link mailfrom.app.pace.Pace}). A read takes at most {@link #BATCH} identities, and its answer
 * has those that SES answered for: one that is missing was not answered, whatever that means.
 * Nothing here throws for what SES or the way to it did.
 */
public interface Ses {
  /** The identities that one read takes at most. */
  int BATCH = 100;

  /**
   * A page of the list.
   *
   * @param names those that can be watched
   * @param cannotWatch texts that are no identity's name: nobody can be asked about them
   * @param nextToken null on the last page
   */
  record Page(List<IdentityName> names, List<String> cannotWatch, @Nullable String nextToken) {}

  CallResult<Page> list(Slot slot, String region, @Nullable String token);

  /** The live settings; an identity whose status word is not known is in {@code unknownWords}. */
  record MailFrom(Map<IdentityName, Live> live, Map<IdentityName, String> unknownWords) {

    /** Whether SES answered for it, whether we understand the answer or not. */
    public boolean hasAnswered(IdentityName name) {
      return live.containsKey(name) || unknownWords.containsKey(name);
    }

    /** Whether SES answered for anybody. */
    public boolean hasAnsweredAny() {
      return !live.isEmpty() || !unknownWords.isEmpty();
    }
  }

  CallResult<MailFrom> mailFrom(Slot slot, String region, List<IdentityName> names);

  /** Whether each identity is verified. */
  CallResult<Map<IdentityName, Boolean>> verified(
      Slot slot, String region, List<IdentityName> names);

  /** Whether DKIM signs the mail of each identity. */
  CallResult<Map<IdentityName, Dkim>> dkim(Slot slot, String region, List<IdentityName> names);

  /** Whether feedback of each identity is forwarded by e-mail. */
  CallResult<Map<IdentityName, Boolean>> forwarding(
      Slot slot, String region, List<IdentityName> names);

  /**
   * The recipients of the enabled rules of the active receipt rule set; a rule without recipients
   * is the empty text. Empty when no rule set is active.
   */
  CallResult<List<String>> receiptRecipients(Slot slot, String region);

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

  SetAnswer set(Slot slot, String region, IdentityName name, Settings settings);
}
