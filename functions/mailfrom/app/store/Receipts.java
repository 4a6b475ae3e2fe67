package mailfrom.app.store;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import mailfrom.domain.name.DomainName;

/**
 * Recipients of the enabled receipt rules of a Region.
 *
 * @param recipients addresses, domains, domains with a dot before them (all names below), or the
 *     empty text (every verified domain)
 * @param at when they were read
 */
public record Receipts(List<String> recipients, Instant at) {
  /** Nobody reads a longer list of addresses that are at one host. */
  private static final int MOST_OF_A_HOST = 10;

  public Receipts {
    recipients = List.copyOf(recipients);
  }

  /** What was read: of the recipients of one host the first few. */
  public static Receipts read(List<String> recipients, Instant at) {
    Map<String, Integer> ofHost = new HashMap<>();
    return new Receipts(
        recipients.stream()
            .filter(one -> ofHost.merge(domain(one), 1, Integer::sum) <= MOST_OF_A_HOST)
            .toList(),
        at);
  }

  /** Those that may receive mail for a domain. */
  public Receipts covering(DomainName domain) {
    List<String> hosts = hostsCovering(domain);
    return new Receipts(
        recipients.stream().filter(recipient -> hosts.contains(host(recipient))).toList(), at);
  }

  /** The domain of a recipient, without a dot before it; the empty text stays empty. */
  public static String host(String recipient) {
    String domain = domain(recipient);
    return domain.startsWith(".") ? domain.substring(1) : domain;
  }

  private static String domain(String recipient) {
    return recipient.substring(recipient.lastIndexOf('@') + 1).toLowerCase(Locale.ROOT);
  }

  /** The hosts of recipients that may receive mail for a domain: its own, those above, none. */
  public static List<String> hostsCovering(DomainName domain) {
    List<String> hosts = new ArrayList<>(List.of(""));
    for (Optional<DomainName> name = Optional.of(domain);
        name.isPresent();
        name = name.get().parent()) {
      hosts.add(name.get().value());
    }
    return hosts;
  }
}
