package mailfrom.local;

import java.time.Duration;
import java.time.Instant;
import mailfrom.local.LocalSes.OnMxFailure;
import mailfrom.local.LocalSes.Status;

/**
 * A small fleet that shows every effect and cause, in setup and live. Some troubles exist only for
 * who has looked before: {@link #plant} is the past, and {@link #happen} what came after a first
 * read.
 */
final class SampleFleet {
  /** How long before the present the first read is: SPF counts as broken when seen twice. */
  static final Duration FIRST_READ_BEFORE = Duration.ofMinutes(15);

  private static final String FEEDBACK_WITH_THE_WRONG_SUFFIX =
      "10 feedback-smtp.us-east-1.amazonaws.com";

  private final LocalSes ses;
  private final LocalDns dns;
  private final String region;

  SampleFleet(LocalSes ses, LocalDns dns, String region) {
    this.ses = ses;
    this.dns = dns;
    this.region = region;
  }

  /** Makes the fleet as it was some time before now. */
  void plant(Instant now) {
    // For the first walk: nothing is set, and nothing else is below it.
    domain("example.com");
    healthy("example.net", OnMxFailure.USE_DEFAULT_VALUE);
    // More granular than its domain, so it does not get what the domain has: NOT_COVERED.
    ses.addAddress(region, "office@example.net", true);
    healthy("shop.example.org", OnMxFailure.REJECT_MESSAGE);

    // The MX record was lost.
    broken("newsletter.example.org", Status.TEMPORARY_FAILURE, now, Duration.ofHours(2));
    broken("tickets.example.org", Status.TEMPORARY_FAILURE, now, Duration.ofHours(62));
    ses.dkim(region, "tickets.example.org", false);
    rejected("orders.example.org", Status.TEMPORARY_FAILURE, now, Duration.ofMinutes(50));
    broken("support.example.org", Status.TEMPORARY_FAILURE, now, Duration.ofHours(71));
    healthy("crm.example.org", OnMxFailure.USE_DEFAULT_VALUE);
    // The status looks at the MX record only.
    healthy("invoices.example.org", OnMxFailure.USE_DEFAULT_VALUE);
    dns.put(
        "bounce.invoices.example.org",
        DnsRecords.mx("10 feedback-smtp." + region + ".amazonses.com"));

    // Never finished.
    broken("events.example.org", Status.PENDING, now, Duration.ofHours(3));
    dns.put("bounce.events.example.org", DnsRecords.mx(FEEDBACK_WITH_THE_WRONG_SUFFIX));
    rejected("signup.example.org", Status.PENDING, now, Duration.ofMinutes(20));
    broken("careers.example.org", Status.FAILED, now, Duration.ofDays(9));
    // Typed without its final dot.
    dns.put("bounce.careers.example.org.example.org", DnsRecords.mailFrom(region));
    rejected("billing.example.org", Status.FAILED, now, Duration.ofDays(2));

    domain("intranet.example.org");
    ses.addDomain(region, "brand-new.example.org", false);
  }

  /** What happened after the first read. */
  void happen(Instant now) {
    ses.clearMailFrom(region, "crm.example.org");
    ses.put(
        region,
        "support.example.org",
        bounce("support.example.org"),
        OnMxFailure.USE_DEFAULT_VALUE,
        Status.FAILED,
        now);
  }

  /** Makes what further Regions hold: the healthy part. */
  void plantElsewhere() {
    healthy("example.net", OnMxFailure.USE_DEFAULT_VALUE);
    healthy("shop.example.org", OnMxFailure.USE_DEFAULT_VALUE);
  }

  private void domain(String name) {
    ses.addDomain(region, name, true);
    ses.dkim(region, name, true);
    dns.put(name, DnsRecords.a("192.0.2.10"));
  }

  private void healthy(String name, OnMxFailure behavior) {
    domain(name);
    dns.put(bounce(name), DnsRecords.mailFrom(region));
    ses.put(region, name, bounce(name), behavior, Status.SUCCESS, Instant.EPOCH);
  }

  private void broken(String name, Status status, Instant now, Duration age) {
    domain(name);
    ses.put(region, name, bounce(name), OnMxFailure.USE_DEFAULT_VALUE, status, now.minus(age));
  }

  private void rejected(String name, Status status, Instant now, Duration age) {
    domain(name);
    ses.put(region, name, bounce(name), OnMxFailure.REJECT_MESSAGE, status, now.minus(age));
  }

  private static String bounce(String name) {
    return "bounce." + name;
  }
}
