package mailfrom.local;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import mailfrom.local.LocalSes.OnMxFailure;
import mailfrom.local.LocalSes.Sent;
import mailfrom.local.LocalSes.Status;

/** The operation of SES that sends, and what was sent. */
final class SendOperations {
  private static final Pattern FROM =
      Pattern.compile("(?:[^<>]*<)?\\s*([^<>@\\s]+@[^<>@\\s]+?)\\s*>?\\s*");

  private final InstantSource clock;
  private final List<Sent> sent = new ArrayList<>();

  SendOperations(InstantSource clock) {
    this.clock = clock;
  }

  void addTo(Map<String, LocalSes.Operation> operations) {
    operations.put("SendEmail", this::sendEmail);
  }

  private QueryAnswer sendEmail(SesRegion region, QueryParameters parameters) {
    String source = parameters.text("Source");
    if (source == null) {
      return SesErrors.missing("source");
    }
    if (!parameters.has("Destination")) {
      return SesErrors.missing("destination");
    }
    if (!parameters.has("Message")) {
      return SesErrors.missing("message");
    }
    QueryParameters to = parameters.below("Destination");
    if (to.members("ToAddresses").isEmpty()
        && to.members("CcAddresses").isEmpty()
        && to.members("BccAddresses").isEmpty()) {
      return SesErrors.invalid("Missing required header 'To'.");
    }
    Matcher from = FROM.matcher(source);
    if (!from.matches()) {
      return SesErrors.invalid("Missing final '@domain'");
    }
    String address = from.group(1);
    Optional<SesIdentity> winner = region.winner(address);
    if (winner.isEmpty()) {
      return QueryAnswer.refused(
          "MessageRejected",
          "Email address is not verified. The following identities failed the check in region "
              + region.name.toUpperCase(Locale.ROOT)
              + ": "
              + address);
    }
    SesIdentity identity = winner.get();
    String envelope =
        region.name.equals("us-east-1") ? "amazonses.com" : region.name + ".amazonses.com";
    if (identity.mailFrom != null && identity.status == Status.SUCCESS) {
      envelope = identity.mailFrom;
    } else if (identity.mailFrom != null && identity.behavior == OnMxFailure.REJECT_MESSAGE) {
      return QueryAnswer.refused(
          "MailFromDomainNotVerifiedException",
          "Custom MAIL FROM domain "
              + identity.mailFrom
              + " is not verified for "
              + identity.name
              + ".");
    }
    // The part after the @ is what a receiver would see; the real message id has none.
    String id = "0100%012x-local@%s".formatted(sent.size() + 1, envelope);
    sent.add(new Sent(clock.instant(), region.name, address, identity.name, envelope, id));
    return new QueryAnswer.Done(
        Xml.text("MessageId", id), Map.of("x-local-envelope-sender", envelope));
  }

  List<Sent> sent() {
    return List.copyOf(sent);
  }
}
