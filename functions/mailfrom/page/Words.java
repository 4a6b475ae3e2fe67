package mailfrom.page;

import mailfrom.app.batch.Batch;
import mailfrom.app.fleet.Attention;
import mailfrom.app.settings.SettingsApi;
import mailfrom.app.store.HistoryEntry;
import mailfrom.domain.desired.PlanAction;
import mailfrom.domain.desired.Progress;
import mailfrom.domain.effect.Cause;
import mailfrom.domain.effect.Effect;
import mailfrom.domain.findings.RecordToDo;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.identity.Silence;
import mailfrom.domain.incident.Decision;
import mailfrom.domain.incident.Trouble;
import mailfrom.domain.incident.TroubleKind;
import mailfrom.domain.ses.Settings;
import org.jspecify.annotations.Nullable;

/** The words of the vocabulary as people read them on the page. */
final class Words {
  private Words() {}

  static String of(Effect effect) {
    return switch (effect) {
      case CUSTOM -> "Custom MAIL FROM";
      case REJECTED -> "Rejected";
      case FALLBACK -> "Falls back";
      case DEFAULT -> "Default";
      case UNVERIFIED -> "Not verified";
    };
  }

  /** What mail sent now gets, and why. */
  static String sentence(IdentityState state) {
    String why = why(state);
    String sentence = sentence(state.effectState().effect());
    return why.isEmpty() ? sentence : "%s. %s".formatted(why, sentence);
  }

  private static String sentence(Effect effect) {
    return switch (effect) {
      case CUSTOM -> "Mail goes out with the custom MAIL FROM domain.";
      case REJECTED -> "SES rejects every message (MailFromDomainNotVerified).";
      case FALLBACK -> "Mail goes out from amazonses.com.";
      case DEFAULT -> "Mail goes out from amazonses.com, and nothing else is expected.";
      case UNVERIFIED -> "SES takes no mail that comes from it.";
    };
  }

  static String of(Cause cause) {
    return switch (cause) {
      case PENDING -> "SES has not found the MX record yet";
      case FAILED -> "SES gave up looking for the MX record";
      case TEMPORARY_FAILURE -> "SES no longer finds the MX record";
      case REMOVED -> "Its MAIL FROM domain was removed at SES";
      case VERIFICATION_LOST -> "It was verified, and is not any more";
      case NOT_COVERED -> "It has no MAIL FROM domain of its own, and inherits none";
    };
  }

  /** Why mail does not get what it should; empty when it does. */
  static String why(IdentityState state) {
    Cause cause = state.effectState().cause();
    if (cause != null) {
      return of(cause);
    }
    return state.trouble().map(Trouble::kind).filter(TroubleKind.SPF_BROKEN::equals).isPresent()
        ? "The SPF record of the MAIL FROM domain is broken"
        : "";
  }

  /** A mark, so that no colour alone says it. */
  static String mark(Attention attention) {
    return switch (attention) {
      case CRITICAL -> "▲";
      case WARNING -> "◆";
      case INFO -> "●";
      case RECOVERING -> "↑";
      case SETTING_UP -> "…";
      case NONE -> "✓";
    };
  }

  static String of(Attention attention) {
    return switch (attention) {
      case CRITICAL -> "critical";
      case WARNING -> "warning";
      case INFO -> "info";
      case RECOVERING -> "recovering";
      case SETTING_UP -> "setting up";
      case NONE -> "nothing to do";
    };
  }

  /** Over those who need the same. */
  static String heading(Attention attention) {
    return switch (attention) {
      case CRITICAL -> "Critical: nothing is sent, or DMARC fails";
      case WARNING -> "Warning: DKIM alone carries DMARC, or might";
      case INFO -> "Info: told once, no reminders";
      case RECOVERING -> "Recovering: not seen just now, not over yet";
      case SETTING_UP -> "Setting up: SES looks for the record, no outage";
      case NONE -> "Nothing to do";
    };
  }

  static String of(Decision.Quiet quiet) {
    return switch (quiet) {
      case NOT_TROUBLE -> "It is in no trouble.";
      case IN_BASELINE -> "It is in the first report of its Region.";
      case ALREADY_TOLD -> "What is so now was told already.";
      case SETTING_UP -> "It is being set up: the next message comes 12 hours before SES gives up.";
      case RECOVERING -> "The trouble is gone, but not for long enough to call it over.";
      case NEVER_TOLD -> "It was over before anybody was told that it began.";
      case FLAPPING -> "It goes up and down too often: not each flip is told.";
      case SILENCED -> "A silence holds messages back.";
      case NOT_SEEN -> "What it is about could not be asked in the last run.";
    };
  }

  static String of(Progress.State state) {
    return switch (state) {
      case QUEUED -> "recorded, and not handed to SES yet";
      case WAITING_FOR_DNS -> "waits until the MX record is right";
      case WAITING_FOR_VERIFICATION -> "waits until the identity is verified";
      case APPLIED -> "applied";
      case REFUSED -> "refused by SES";
    };
  }

  static String of(RecordToDo.State state) {
    return switch (state) {
      case PRESENT -> "✓ is there";
      case ADD -> "+ add";
      case REPLACE -> "↻ replace what is there";
      case REMOVE -> "✗ remove";
    };
  }

  static String of(SettingsApi.Role role) {
    return switch (role) {
      case WINS -> "✓ wins: the most granular verified identity";
      case LESS_GRANULAR -> "verified, but less granular";
      case NOT_VERIFIED -> "not verified";
      case UNKNOWN -> "SES has no such identity";
    };
  }

  static String of(HistoryEntry.What what) {
    return switch (what) {
      case DESIRED -> "Asked for";
      case SETTINGS -> "Settings at SES";
      case REFUSED -> "SES refused";
      case STATUS -> "SES’s status";
      case EFFECT -> "Mail";
      case NOTICE -> "Told";
      case DELETED -> "Deleted at SES";
    };
  }

  static String of(PlanAction action) {
    return switch (action) {
      case APPLY -> "applied what was asked for";
      case PROMOTE -> "gave RejectMessage";
      case RESTART -> "started the setup again";
      case REPAIR -> "put it back";
    };
  }

  static String of(Batch.State state) {
    return switch (state) {
      case CHECKING -> "is being checked";
      case RUNNING -> "is running";
      case DONE -> "✓ done";
      case CANCELLED -> "✗ cancelled";
      case STOPPED -> "✗ stopped: SES refused too many in a row";
    };
  }

  static String of(Silence.State state) {
    return switch (state) {
      case PENDING -> "not begun";
      case ACTIVE -> "holds messages back";
      case ENDED -> "ended";
    };
  }

  static String of(@Nullable Settings settings) {
    return settings == null || settings.mailFromDomain() == null
        ? "no MAIL FROM domain"
        : settings.mailFromDomain() + " with " + settings.behaviorOnMxFailure().word();
  }
}
