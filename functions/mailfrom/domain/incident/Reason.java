package mailfrom.domain.incident;

import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Why something is told. */
public enum Reason {
  STARTED(Kind.TROUBLE),
  /** Worse than what was told last. */
  WORSE(Kind.TROUBLE),
  /** Mail flows again, but the incident goes on. */
  BETTER(Kind.TROUBLE),
  /** Twelve hours or less until SES gives up. */
  LAST_CHANCE(Kind.TROUBLE),
  REMINDER(Kind.TROUBLE),
  /** The third incident in 24 hours. */
  FLAPPING(Kind.TROUBLE),
  RECOVERED(Kind.END),
  /** The identity was deleted. */
  GONE(Kind.END),
  /** Success still, but the MX answer changed. */
  EARLY_WARNING(Kind.WARNING),
  /** Somebody else changed the settings. */
  DRIFT(Kind.SETTINGS),
  /** A set-up is done, or RejectMessage was promoted: for machines. */
  READY(Kind.DONE),
  /** SES refused what had been answered 202 for. */
  NOT_APPLIED(Kind.SETTINGS),
  /** The MX answer is right again. */
  EARLY_WARNING_OVER(EARLY_WARNING, Kind.DONE),
  /** What was asked for is live again. */
  DRIFT_OVER(DRIFT, Kind.DONE),
  /** What is asked for now is live. */
  NOT_APPLIED_OVER(NOT_APPLIED, Kind.DONE),
  /** A Region's first complete run. */
  BASELINE(Kind.RUN),
  /** The brake holds repairs back. */
  HELD(Kind.RUN),
  HELD_OVER(HELD, Kind.RUN),
  /** SES could not be asked too often, or a Region cannot be watched at all. */
  BLIND(Kind.RUN),
  BLIND_OVER(BLIND, Kind.RUN),
  /** The DNS could not be asked too often. */
  DNS_BLIND(Kind.RUN),
  DNS_BLIND_OVER(DNS_BLIND, Kind.RUN),
  /** SES's list lacks identities that a read cannot confirm as deleted. */
  MISSING(Kind.RUN),
  MISSING_OVER(MISSING, Kind.RUN),
  /** Nobody listens to the messages for people, or to the alarms. */
  UNHEARD(Kind.RUN),
  UNHEARD_OVER(UNHEARD, Kind.RUN),
  /** A silence ended, and some of what it covered is still bad. */
  SILENCE_OVER(Kind.RUN),
  /** Once a week, when asked for: all is well, or what is not. */
  WEEKLY(Kind.RUN);

  /** What it is about, and so what people are told with it. */
  public enum Kind {
    /** An identity in trouble: since when, until when it can heal, what to do. */
    TROUBLE,
    /** An identity whose settings at SES are not what was asked for. */
    SETTINGS,
    /** An identity that is as it was asked to be: nothing is to be done. */
    DONE,
    /** An identity that still works, and may not for long. */
    WARNING,
    /** An identity whose trouble is over: nothing is to be done. */
    END,
    /** A run of a Region, and no one identity. */
    RUN
  }

  private final Kind kind;
  private final @Nullable Reason begun;

  Reason(Kind kind) {
    this(null, kind);
  }

  Reason(@Nullable Reason begun, Kind kind) {
    this.begun = begun;
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }

  /** The reason that this one is the end of; itself when it is no such end. */
  public Reason begun() {
    return begun == null ? this : begun;
  }

  /** Whether it says that what another reason told is over. */
  public boolean isOver() {
    return begun != null;
  }

  /** Whether whoever reads this knows that what another reason told before is over. */
  public boolean ends(Reason told) {
    return switch (told.kind) {
      case TROUBLE -> kind == Kind.END;
      case SETTINGS -> begun == told || this == GONE;
      // Mail that gets its MAIL FROM domain again is not about to lose it.
      case WARNING -> begun == told || kind == Kind.END;
      case DONE, END -> false;
      case RUN -> begun == told;
    };
  }

  /** The reason that says that this one is over; empty: nothing does, or the end of an incident. */
  public Optional<Reason> over() {
    return Arrays.stream(values()).filter(reason -> reason.begun == this).findFirst();
  }
}
