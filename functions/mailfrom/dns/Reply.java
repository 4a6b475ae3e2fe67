package mailfrom.dns;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import mailfrom.domain.dns.Answer;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

/** What came back for one question. */
sealed interface Reply {

  /** A message that answers: NOERROR or NXDOMAIN. */
  record Came(Name name, int type, Message message) implements Reply {

    /** The records of the type that was asked, through the aliases in the answer. */
    List<Record> found() {
      Name end = end();
      return message.getSection(Section.ANSWER).stream()
          .filter(record -> record.getType() == type && record.getName().equals(end))
          .toList();
    }

    /** Where the aliases in the answer lead to; the name itself when there are none. */
    Name end() {
      Name at = name;
      List<Record> answers = message.getSection(Section.ANSWER);
      if (type == Type.CNAME) {
        return at;
      }
      for (int step = 0; step < answers.size(); step++) {
        Optional<Name> target = aliasOf(at, answers);
        if (target.isEmpty()) {
          return at;
        }
        at = target.get();
      }
      return at;
    }

    private static Optional<Name> aliasOf(Name at, List<Record> answers) {
      return answers.stream()
          .filter(record -> record.getName().equals(at))
          .filter(CNAMERecord.class::isInstance)
          .map(record -> ((CNAMERecord) record).getTarget())
          .findFirst();
    }

    boolean isAlias() {
      return !end().equals(name);
    }

    boolean nameExists() {
      return message.getRcode() != Rcode.NXDOMAIN || isAlias();
    }

    /** Whether the server says that it is an authority for it. */
    boolean hasAuthority() {
      return message.getHeader().getFlag(Flags.AA);
    }

    /**
     * Whether it answers the question, with or without authority: it has records, or it says which
     * zone has none. Anything else refers the asker to others.
     */
    boolean answers() {
      return hasAuthority() || !found().isEmpty() || isAlias() || authority().isPresent();
    }

    /** The records of a type in the authority section: a referral names its servers there. */
    List<Record> authority(int type) {
      return message.getSection(Section.AUTHORITY).stream()
          .filter(record -> record.getType() == type && record.getName().equals(name))
          .toList();
    }

    /** The start of authority that a negative answer names. */
    Optional<SOARecord> authority() {
      return message.getSection(Section.AUTHORITY).stream()
          .filter(SOARecord.class::isInstance)
          .map(SOARecord.class::cast)
          .findFirst();
    }

    /** The zone whose start of authority was found, or that a negative answer names. */
    Optional<Name> zone() {
      return found().stream()
          .filter(SOARecord.class::isInstance)
          .map(Record::getName)
          .findFirst()
          .or(() -> authority().map(SOARecord::getName));
    }

    /** How long it may be kept; empty when it does not say so. */
    Optional<Duration> keptFor() {
      List<Record> found = found();
      if (!found.isEmpty()) {
        return found.stream()
            .map(record -> Duration.ofSeconds(record.getTTL()))
            .min(Duration::compareTo);
      }
      return authority().map(soa -> Duration.ofSeconds(Math.min(soa.getTTL(), soa.getMinimum())));
    }
  }

  /** Nothing that answers: timeout, SERVFAIL, REFUSED or the like. */
  record None(String why) implements Reply {}

  /** As the domain sees it. */
  default <T> Answer<T> answer(Function<Record, @Nullable T> map) {
    return switch (this) {
      case None(String why) -> new Answer.CouldNotAsk<>(why);
      case Came came -> {
        // Two records of one text, in other strings, are two records: receivers refuse both.
        List<T> records = new ArrayList<>();
        for (Record record : came.found().stream().distinct().toList()) {
          T mapped = map.apply(record);
          if (mapped != null) {
            records.add(mapped);
          }
        }
        yield records.isEmpty()
            ? new Answer.None<>(came.nameExists())
            : new Answer.Found<>(records);
      }
    };
  }

  /** The text of a TXT record: its strings, joined. */
  static String text(TXTRecord txt) {
    // Joined before they are read: a string may end within a character.
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    txt.getStringsAsByteArrays().forEach(text::writeBytes);
    return text.toString(StandardCharsets.UTF_8);
  }
}
