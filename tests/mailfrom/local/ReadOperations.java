package mailfrom.local;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.function.Function;

/** The operations of SES that read identities. */
final class ReadOperations {
  private static final int LARGEST_BATCH = 100;
  private static final int LARGEST_PAGE = 1000;

  void addTo(Map<String, LocalSes.Operation> operations) {
    operations.put("ListIdentities", this::listIdentities);
    operations.put("GetIdentityMailFromDomainAttributes", this::mailFromAttributes);
    operations.put("GetIdentityVerificationAttributes", this::verificationAttributes);
    operations.put("GetIdentityNotificationAttributes", this::notificationAttributes);
    operations.put("GetIdentityDkimAttributes", this::dkimAttributes);
  }

  private QueryAnswer listIdentities(SesRegion region, QueryParameters parameters) {
    String type = parameters.textOrEmpty("IdentityType");
    if (parameters.text("IdentityType") != null
        && !type.equals("Domain")
        && !type.equals("EmailAddress")) {
      return SesErrors.notInEnum("identityType", "Domain, EmailAddress");
    }
    String text = parameters.text("MaxItems");
    int most = LARGEST_BATCH;
    if (text != null) {
      try {
        most = Integer.parseInt(text);
      } catch (NumberFormatException _) {
        return QueryAnswer.refused("MalformedInput", "MaxItems is not a number");
      }
      if (most < 1 || most > LARGEST_PAGE) {
        String bound =
            most < 1 ? "greater than or equal to 1" : "less than or equal to " + LARGEST_PAGE;
        return QueryAnswer.refused(
            "ValidationError",
            "1 validation error detected: Value '"
                + most
                + "' at 'maxItems' failed to satisfy constraint: Member must have value "
                + bound);
      }
    }
    NavigableMap<String, SesIdentity> rest = region.identities;
    String token = parameters.text("NextToken");
    if (token != null) {
      try {
        String last = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
        rest = region.identities.tailMap(last, false);
      } catch (IllegalArgumentException _) {
        return SesErrors.invalid("Invalid NextToken.");
      }
    }
    List<String> page =
        rest.values().stream()
            .filter(
                identity -> type.isEmpty() || identity.isAddress() == type.equals("EmailAddress"))
            .map(identity -> identity.name)
            .filter(name -> !region.leavesOut("ListIdentities", name))
            .limit(most + 1L)
            .toList();
    List<String> shown = page.subList(0, Math.min(most, page.size()));
    String next =
        page.size() > most
            ? Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(shown.getLast().getBytes(StandardCharsets.UTF_8))
            : null;
    return new QueryAnswer.Done(
        Xml.list("Identities", shown.stream().map(Xml::escaped).toList())
            + Xml.maybe("NextToken", next));
  }

  private QueryAnswer mailFromAttributes(SesRegion region, QueryParameters parameters) {
    return attributes(
        region,
        parameters,
        "MailFromDomainAttributes",
        identity ->
            Xml.maybe("MailFromDomain", identity.mailFrom)
                + Xml.maybe(
                    "MailFromDomainStatus", identity.status == null ? null : identity.status.word())
                + Xml.text("BehaviorOnMXFailure", identity.behavior.word()));
  }

  private QueryAnswer verificationAttributes(SesRegion region, QueryParameters parameters) {
    return attributes(
        region,
        parameters,
        "VerificationAttributes",
        identity ->
            Xml.text("VerificationStatus", identity.verified ? "Success" : "Pending")
                + (identity.isAddress() ? "" : Xml.text("VerificationToken", identity.token())));
  }

  private QueryAnswer notificationAttributes(SesRegion region, QueryParameters parameters) {
    return attributes(
        region,
        parameters,
        "NotificationAttributes",
        identity ->
            Xml.text("ForwardingEnabled", Boolean.toString(identity.forwarding))
                + Xml.text("HeadersInBounceNotificationsEnabled", "false")
                + Xml.text("HeadersInComplaintNotificationsEnabled", "false")
                + Xml.text("HeadersInDeliveryNotificationsEnabled", "false"));
  }

  private QueryAnswer dkimAttributes(SesRegion region, QueryParameters parameters) {
    return attributes(
        region,
        parameters,
        "DkimAttributes",
        identity -> {
          // An address signs with the keys of its domain.
          SesIdentity keys =
              identity.isAddress() ? region.identities.get(identity.domain()) : identity;
          boolean verified = keys != null && keys.dkimVerified;
          boolean byDefault = keys != null && Boolean.TRUE.equals(keys.dkimEnabled);
          boolean enabled = identity.dkimEnabled == null ? byDefault : identity.dkimEnabled;
          return Xml.text("DkimEnabled", Boolean.toString(enabled))
              + Xml.text("DkimVerificationStatus", verified ? "Success" : "NotStarted")
              + (keys != null && verified ? Xml.list("DkimTokens", keys.dkimTokens()) : "");
        });
  }

  private static QueryAnswer attributes(
      SesRegion region,
      QueryParameters parameters,
      String element,
      Function<SesIdentity, String> xml) {
    if (!parameters.has("Identities")) {
      return SesErrors.missing("identities");
    }
    List<String> names = parameters.members("Identities");
    if (names.size() > LARGEST_BATCH) {
      return QueryAnswer.refused(
          "ValidationError",
          "1 validation error detected: Value '["
              + String.join(", ", names)
              + "]' at 'identities' failed to satisfy constraint: Member must have length less than or equal to "
              + LARGEST_BATCH);
    }
    Map<String, String> entries = new LinkedHashMap<>();
    for (String name : names) {
      SesIdentity identity = region.identity(name);
      // The operations are named for their elements.
      if (identity != null && !region.leavesOut("GetIdentity" + element, identity.name)) {
        entries.put(name, xml.apply(identity));
      }
    }
    return new QueryAnswer.Done(Xml.map(element, entries));
  }
}
