package mailfrom.app.advice;

import java.util.List;
import mailfrom.domain.findings.RecordToDo;

/** One thing that a reader does about an identity: records to publish, or commands to paste. */
public record Step(Kind kind, List<RecordToDo> records, List<Command> commands) {
  public Step {
    records = List.copyOf(records);
    commands = List.copyOf(commands);
  }

  static Step publish(Kind kind, List<RecordToDo> records) {
    return new Step(kind, records, List.of());
  }

  public static Step run(Kind kind, Command... commands) {
    return new Step(kind, List.of(), List.of(commands));
  }

  public static Step say(Kind kind) {
    return new Step(kind, List.of(), List.of());
  }

  /** Whether there is something to say: a command needs an address that may not be known. */
  public boolean isSaid(Links links) {
    return !records.isEmpty()
        || commands.isEmpty()
        || commands.stream().anyMatch(command -> command.words(links).isPresent());
  }

  /** A record in one line, and that it is to be removed where it is. */
  public static String line(RecordToDo item) {
    String where =
        item.host()
            .map(host -> "%s in the zone %s".formatted(host, item.zone()))
            .orElse(item.name().value() + ".");
    return "%s%s: %s %s%s"
        .formatted(
            switch (item.state()) {
              case ADD, PRESENT -> "";
              case REPLACE -> "in the place of what is there, ";
              case REMOVE -> "remove ";
            },
            where,
            item.type(),
            item.priority() == null ? "" : item.priority() + " ",
            item.value());
  }

  /** What is done, in the words that stand above it. */
  public enum Kind {
    RENEW_THE_ZONE("First: the zone is gone. Renew the domain, or have it delegated again."),
    PUBLISH("Publish:"),
    PUBLISH_IF_MISSING("Publish what is not there (the DNS was not asked, or did not answer):"),
    NOTHING_TO_PUBLISH("Nothing to publish: the records are there now."),
    CHECK("Check:"),
    LET_MAIL_FLOW("To let mail flow meanwhile, from amazonses.com:"),
    LET_MAIL_FLOW_AND_START_AGAIN(
        "To let mail flow meanwhile, from amazonses.com. Once the MX record is there, the same"
            + " starts SES again:"),
    START_AGAIN("Once the MX record is there, start SES again:"),
    START_AGAIN_NOW("Once the MX record is there, this starts SES again without waiting:"),
    PUT_BACK("Put back what was asked for:"),
    KEEP_IT("Or, if the change is meant, ask for what is there now:"),
    IT_IS_BACK("Nothing to do: it is as asked for again."),
    SET_AGAIN("Set it again:"),
    WANT_NOTHING("If no MAIL FROM domain is wanted, say so:"),
    GIVE_IT_ONE("Give it one:"),
    PUBLISH_DKIM(
        "Publish its three DKIM records again: for each TOKEN that this prints, a CNAME at"
            + " TOKEN._domainkey in the zone of the identity. The console lists them with their"
            + " values:"),
    VERIFY_AGAIN("Then have SES look for them again:"),
    CONFIRM("Have SES send its mail to the address again, and open the link in it:"),
    ASK_AGAIN("Once that is mended, ask again:"),
    VERIFY_IF_NOT_MEANT("If that was not meant, verify it again:"),
    LIST("List them, worst first:"),
    LET_GO("Look at the plan of some, then let them go:"),
    THEN_ASK("Then ask for its MAIL FROM domain:"),
    SET("Set its MAIL FROM domain:"),
    LOOK_NOW("Read SES and the DNS now:"),
    SILENCE("Silence it for a day:"),
    STOP_MANAGING("Stop managing it, and leave SES as it is:");

    private final String words;

    Kind(String words) {
      this.words = words;
    }

    public String words() {
      return words;
    }

    /** The same for a line of a list, where what is to be pasted has no room. */
    public String brief() {
      return this == RENEW_THE_ZONE ? "Renew the zone" : words.split("[:.(]", 2)[0].strip();
    }
  }
}
