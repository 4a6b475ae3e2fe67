package mailfrom.api;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import mailfrom.app.settings.SettingsApi.IdentityView;
import mailfrom.domain.desired.Desired;
import mailfrom.domain.desired.Drift;
import mailfrom.domain.findings.RecordToDo;
import mailfrom.domain.identity.MailFromDns;
import mailfrom.domain.name.DomainName;
import org.jspecify.annotations.Nullable;

/**
 * The records of a MAIL FROM domain for whoever owns the DNS: as a text to send on, and as a
 * fragment of a zone file (RFC 1035).
 */
final class RecordTexts {
  private static final int MOST_IN_A_STRING = 255;

  private RecordTexts() {}

  /** The records of one identity. */
  static String of(Format.Records format, IdentityView view) {
    return switch (format) {
      case TEXT -> text(view);
      case ZONE_FILE -> zoneFile(view);
    };
  }

  /** Those of many: of each with something to publish or to remove. */
  static String of(Format.Records format, List<IdentityView> views) {
    String texts =
        views.stream()
            .filter(view -> !dns(view).toDo().isEmpty())
            .map(view -> of(format, view))
            .collect(Collectors.joining("\n"));
    String none = "Nothing is to be published for these identities.\n";
    return !texts.isEmpty()
        ? texts
        : switch (format) {
          case TEXT -> none;
          case ZONE_FILE -> "; " + none;
        };
  }

  private static MailFromDns dns(IdentityView view) {
    return MailFromDns.of(view.state());
  }

  /** Why a record is needed, or is in the way, as a sentence. */
  static String why(RecordToDo record) {
    return switch (record.state()) {
      case ADD, REPLACE, PRESENT ->
          switch (record.type()) {
            case MX ->
                "Amazon SES uses the domain only while it finds this record, and bounces come back"
                    + " by it.";
            case TXT -> "It tells receivers that Amazon SES may send for the domain (SPF).";
            case CNAME -> "The others need it.";
          };
      case REMOVE ->
          switch (record.type()) {
            case MX -> "Amazon SES does not use a domain with another MX record beside its own.";
            case TXT -> "With two SPF records receivers trust none.";
            case CNAME -> "An alias hides every other record of its name.";
          };
    };
  }

  // ---------------------------------------------------------------- as a text

  private static String text(IdentityView view) {
    String name = view.state().key().name().value();
    MailFromDns dns = dns(view);
    List<RecordToDo> toDo = dns.toDo();
    if (dns.records().isEmpty()) {
      return nothing(view) + "\n";
    }
    String domain = dns.records().getFirst().name().value();
    if (toDo.isEmpty()) {
      return "The DNS records of %s, by which %s sends its mail, are right. Nothing is to be done.\n"
          .formatted(domain, name);
    }
    StringBuilder text =
        new StringBuilder(undone(view).map(words -> words + "\n\n").orElse(""))
            .append(
                ("For the mail of %s, please make these changes in the DNS%s. They are about %s, the"
                        + " domain to which bounces go.\n")
                    .formatted(
                        name,
                        dns.isKnown() ? "" : ", where they are not made yet: nobody looked",
                        domain));
    Map<String, List<RecordToDo>> ofZone =
        toDo.stream()
            .sorted(Comparator.comparing(record -> record.state() == RecordToDo.State.REMOVE))
            .collect(
                Collectors.groupingBy(
                    record -> record.zone() == null ? "" : record.zone().value(),
                    LinkedHashMap::new,
                    Collectors.toList()));
    ofZone.forEach(
        (zone, some) -> {
          text.append(zone.isEmpty() ? "" : "\nIn the zone %s:\n".formatted(zone));
          some.forEach(record -> text.append('\n').append(text(record)));
        });
    return text.toString();
  }

  /** That somebody else put another domain in the place of the one that is asked for. */
  private static Optional<String> undone(IdentityView view) {
    Drift drift = view.state().drift();
    return drift == null || Objects.equals(drift.live().mailFromDomain(), wanted(view))
        ? Optional.empty()
        : Optional.of(
            "Somebody else set %s as the MAIL FROM domain of %s, and %s is asked for: that is to be put back at Amazon SES."
                .formatted(
                    words(drift.live().mailFromDomain()),
                    view.state().key().name(),
                    words(wanted(view))));
  }

  private static @Nullable DomainName wanted(IdentityView view) {
    Desired desired = view.state().desired();
    return desired == null ? null : desired.settings().mailFromDomain();
  }

  private static String nothing(IdentityView view) {
    String name = view.state().key().name().value();
    return undone(view)
        .or(
            () ->
                Optional.ofNullable(dns(view).domain())
                    .map(
                        domain ->
                            "The DNS was not asked for %s yet, the MAIL FROM domain of %s. Ask again in a quarter"
                                    .formatted(domain, name)
                                + " of an hour."))
        .orElse(
            "%s has no MAIL FROM domain, and none is asked for: nothing is to be published."
                .formatted(name));
  }

  private static String words(@Nullable DomainName domain) {
    return domain == null ? "none" : domain.value();
  }

  private static String text(RecordToDo record) {
    Map<String, String> lines = new LinkedHashMap<>();
    lines.put(
        "What",
        switch (record.state()) {
          case ADD -> "add";
          case REPLACE -> "put in the place of what is there";
          case REMOVE -> "remove";
          case PRESENT -> "leave as it is";
        });
    record.host().ifPresent(host -> lines.put("Host", host));
    lines.put("Name", record.name().value() + ".");
    lines.put("Type", record.type().name());
    if (record.priority() != null) {
      lines.put("Priority", record.priority().toString());
    }
    lines.put("Value", record.value());
    lines.put("TTL", Integer.toString(record.ttlSeconds()));
    lines.put("Why", why(record));
    return lines.entrySet().stream()
        .map(line -> "  %-9s %s\n".formatted(line.getKey() + ":", line.getValue()))
        .collect(Collectors.joining());
  }

  // ---------------------------------------------------------------- as a fragment of a zone file

  private static String zoneFile(IdentityView view) {
    List<RecordToDo> records = dns(view).records();
    List<String> lines = new ArrayList<>();
    lines.add("; " + view.state().key().name().value() + " in " + view.state().key().region());
    if (records.isEmpty()) {
      lines.add("; " + nothing(view));
    } else {
      undone(view).ifPresent(words -> lines.add("; " + words));
    }
    for (RecordToDo record : records) {
      lines.add(
          switch (record.state()) {
            case ADD -> line(record);
            case REPLACE -> "; in the place of what is there:\n" + line(record);
            case PRESENT -> "; is there: " + line(record);
            case REMOVE -> "; remove: " + line(record);
          });
    }
    return String.join("\n", lines) + "\n";
  }

  private static String line(RecordToDo record) {
    String data =
        switch (record.type()) {
          case MX -> "%d %s".formatted(record.priority(), whole(record.value()));
          case TXT -> strings(record.value());
          case CNAME -> whole(record.value());
        };
    return "%s. %d IN %s %s".formatted(record.name(), record.ttlSeconds(), record.type(), data);
  }

  /** A name that is relative to nothing. */
  private static String whole(String name) {
    return name.endsWith(".") ? name : name + ".";
  }

  /** The character strings of a TXT record: 255 bytes each, and nothing in them that ends one. */
  private static String strings(String value) {
    List<String> strings = new ArrayList<>();
    StringBuilder string = new StringBuilder();
    int length = 0;
    for (byte one : value.getBytes(StandardCharsets.UTF_8)) {
      if (length == MOST_IN_A_STRING) {
        strings.add(string.toString());
        string.setLength(0);
        length = 0;
      }
      char c = (char) (one & 0xff);
      string.append(
          c == '"' || c == '\\' ? "\\" + c : c < ' ' || c > '~' ? "\\%03d".formatted((int) c) : c);
      length++;
    }
    strings.add(string.toString());
    return strings.stream().collect(Collectors.joining("\" \"", "\"", "\""));
  }
}
