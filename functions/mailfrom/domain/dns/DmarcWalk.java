package mailfrom.domain.dns;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import mailfrom.domain.dns.DmarcView.Action;
import mailfrom.domain.dns.DmarcView.Policy;
import mailfrom.domain.name.DomainName;

/**
 * The search for the DMARC policy of a From domain, and for what a MAIL FROM domain aligns with:
 * the tree walk of RFC 9989, 4.10, which needs no list of public suffixes. Where no record says
 * {@code psd}, RFC 7489 with its list comes to the same.
 */
public final class DmarcWalk {
  /** A longer name is asked itself, and then its ancestors of at most so many labels. */
  private static final int MOST_LABELS = 7;

  private static final Pattern VERSION =
      Pattern.compile("[vV][ \t]*=[ \t]*DMARC1[ \t]*(;.*|$)", Pattern.DOTALL);

  private final DnsLookup dns;
  private boolean silent;

  private DmarcWalk(DnsLookup dns) {
    this.dns = dns;
  }

  /** The one DMARC record at {@code _dmarc} of a domain. */
  private record Met(String domain, Map<String, String> tags) {
    boolean says(String tag, String value) {
      return value.equalsIgnoreCase(tags.get(tag));
    }

    /** Where a walk ends that did not begin here. */
    boolean isBoundary() {
      return says("psd", "n") || says("psd", "y");
    }
  }

  /** Whether a TXT record is a DMARC record: others do not matter. */
  public static boolean isDmarc(String txtRecord) {
    return VERSION.matcher(txtRecord).matches();
  }

  /**
   * Looks for the policy of a From domain, and whether a MAIL FROM domain below it aligns.
   *
   * @return empty when somebody could not be asked
   */
  public static Optional<DmarcView> look(DomainName from, DomainName mailFrom, DnsLookup dns) {
    DmarcWalk walk = new DmarcWalk(dns);
    Optional<Policy> policy =
        walk.at(from.value()).or(() -> walk.above(from.value())).map(met -> walk.policy(met, from));
    // Without a policy, or under a strict one, nobody asks for organizations.
    boolean aligns =
        policy.isEmpty()
            || policy.get().strictSpf()
            || !mailFrom.isBelow(from)
            || walk.organization(from.value()).equals(walk.organization(mailFrom.value()));
    return walk.silent
        ? Optional.empty()
        : Optional.of(new DmarcView(from, policy.orElse(null), aligns));
  }

  /** The organizational domain of a name (RFC 9989, 4.10.2). */
  private String organization(String name) {
    String fewestLabels = name;
    String below = name;
    for (String at = name; !at.isEmpty(); at = parent(at)) {
      boolean begins = at.equals(name);
      Optional<Met> met = begins || isAsked(at) ? at(at) : Optional.empty();
      if (met.filter(record -> record.says("psd", "n")).isPresent()) {
        return at;
      }
      if (!begins && met.filter(record -> record.says("psd", "y")).isPresent()) {
        return below;
      }
      if (met.isPresent()) {
        fewestLabels = at;
      }
      below = at;
    }
    return fewestLabels;
  }

  /** The record of the organizational domain, else that of the public suffix above it. */
  private Optional<Met> above(String from) {
    List<Met> met = new ArrayList<>();
    for (String name = parent(from); !name.isEmpty(); name = parent(name)) {
      if (isAsked(name)) {
        Optional<Met> found = at(name);
        found.ifPresent(met::add);
        if (found.filter(Met::isBoundary).isPresent()) {
          break;
        }
      }
    }
    if (met.isEmpty()) {
      return Optional.empty();
    }
    Met last = met.getLast();
    return last.says("psd", "y")
        ? met.stream()
            .filter(record -> parent(record.domain()).equals(last.domain()))
            .findFirst()
            .or(() -> Optional.of(last))
        : Optional.of(last);
  }

  private static boolean isAsked(String name) {
    return name.split("\\.", -1).length <= MOST_LABELS;
  }

  /** The name without its first label; empty for a top-level domain. */
  private static String parent(String name) {
    int dot = name.indexOf('.');
    return dot < 0 ? "" : name.substring(dot + 1);
  }

  private Optional<Met> at(String domain) {
    Answer<String> answer = dns.txt("_dmarc." + domain);
    silent |= answer.couldNotAsk();
    List<String> records = answer.records().stream().filter(DmarcWalk::isDmarc).toList();
    // Of several records none counts.
    return records.size() == 1
        ? tags(records.getFirst()).map(tags -> new Met(domain, tags))
        : Optional.empty();
  }

  /** Empty when one is there twice: then none of them counts (RFC 6376, 3.2). */
  private static Optional<Map<String, String>> tags(String record) {
    Map<String, String> tags = new HashMap<>();
    for (String part : record.split(";", -1)) {
      int equals = part.indexOf('=');
      if (equals > 0) {
        String tag = part.substring(0, equals).strip().toLowerCase(Locale.ROOT);
        if (tags.put(tag, part.substring(equals + 1).strip()) != null) {
          return Optional.empty();
        }
      }
    }
    return Optional.of(tags);
  }

  private Policy policy(Met met, DomainName from) {
    boolean inherited = !met.domain().equals(from.value());
    String tag = "p";
    if (inherited && met.tags().containsKey("np") && !exists(from.value())) {
      tag = "np";
    } else if (inherited && met.tags().containsKey("sp")) {
      tag = "sp";
    }
    return new Policy(
        met.domain(),
        action(met.tags().getOrDefault(tag, "")),
        met.says("aspf", "s"),
        met.says("adkim", "s"));
  }

  private boolean exists(String name) {
    Answer<String> answer = dns.txt(name);
    silent |= answer.couldNotAsk();
    return !(answer instanceof Answer.None<String>(boolean nameExists)) || nameExists;
  }

  /** What nobody understands asks for nothing. */
  private static Action action(String word) {
    return switch (word.toLowerCase(Locale.ROOT)) {
      case "reject" -> Action.REJECT;
      case "quarantine" -> Action.QUARANTINE;
      default -> Action.NONE;
    };
  }
}
