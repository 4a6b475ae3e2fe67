package mailfrom.app.tell;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import mailfrom.app.pace.CallResult;
import mailfrom.app.text.Message;

/**
 * Topics that take everything and remember what people and machines read: for machines the ids, for
 * people who is named with what, in the words of the message.
 */
public final class TakenMessages implements Topics {
  private static final Pattern FIELD =
      Pattern.compile("\"(id|reason|identity|effect|cause|at)\":\"([^\"]*)\"");
  private static final Pattern ENTRY =
      Pattern.compile("^(?:\\d+\\. )?(?:CRITICAL|WARNING|INFO): (\\S+?):?(?: |$)");
  private static final Pattern TOLD =
      Pattern.compile("^ {3}([A-Z_]+) at (\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d UTC)");
  private static final Pattern REGION = Pattern.compile("^([a-z0-9-]+), account ");
  private static final Pattern NAMES = Pattern.compile("^ {3}All \\d+, by name:$");
  private static final Pattern NAME = Pattern.compile("^ {5}(\\S+)");

  /**
   * A notice that machines read.
   *
   * @param effect with its cause
   */
  public record ToMachines(
      String id, String region, String reason, String identity, String effect, String at) {}

  private final List<Message> alerts = new ArrayList<>();
  private final List<ToMachines> notices = new ArrayList<>();
  private final Map<String, Integer> firstToMachines = new LinkedHashMap<>();
  private final Map<String, Integer> firstToPeople = new LinkedHashMap<>();
  private int listeners = 1;
  private boolean failing;

  @Override
  public synchronized Published publish(Name topic, Message message) {
    if (failing) {
      return new Published.Failed("down");
    }
    switch (topic) {
      case ALERTS -> {
        alerts.add(message);
        read(message.text());
      }
      case NOTICES -> {
        Map<String, String> fields = new HashMap<>();
        Matcher field = FIELD.matcher(message.text());
        while (field.find()) {
          fields.put(field.group(1), field.group(2));
        }
        ToMachines notice =
            new ToMachines(
                fields.getOrDefault("id", ""),
                message.attributes().getOrDefault("region", ""),
                fields.getOrDefault("reason", ""),
                fields.getOrDefault("identity", ""),
                fields.getOrDefault("effect", "") + " " + fields.getOrDefault("cause", ""),
                fields.getOrDefault("at", ""));
        notices.add(notice);
        firstToMachines.putIfAbsent(notice.id(), notices.size());
      }
      case OPERATIONS -> {
        // Nobody publishes there but CloudWatch.
      }
    }
    return new Published.Taken("m" + (alerts.size() + notices.size()));
  }

  private void read(String text) {
    List<String> names = new ArrayList<>();
    List<String> told = new ArrayList<>();
    boolean naming = false;
    String region = "";
    for (String line : (text + "\nINFO: end").lines().toList()) {
      Matcher entry = ENTRY.matcher(line);
      Matcher happened = TOLD.matcher(line);
      Matcher name = NAME.matcher(line);
      Matcher where = REGION.matcher(line);
      if (where.find()) {
        region = where.group(1);
      }
      if (entry.find()) {
        for (String who : names) {
          String of = region + " " + who + " ";
          told.forEach(what -> firstToPeople.putIfAbsent(of + what, alerts.size()));
        }
        told.clear();
        // What has no number is about the run.
        names = new ArrayList<>(List.of(Character.isDigit(line.charAt(0)) ? entry.group(1) : ""));
      } else if (happened.find()) {
        told.add(happened.group(1) + " " + happened.group(2));
      } else if (NAMES.matcher(line).find()) {
        names.clear();
        naming = true;
        continue;
      } else if (naming && name.find()) {
        names.add(name.group(1));
        continue;
      }
      naming = false;
    }
  }

  /** How a notice is recognised in what people read. */
  public static String toPeople(String region, String identity, String reason, String minute) {
    return region + " " + identity + " " + reason + " " + minute;
  }

  /** The place of the first delivery of each notice to machines, by id. */
  public Map<String, Integer> firstToMachines() {
    return firstToMachines;
  }

  /** The place of the first message to people that told something. */
  public Map<String, Integer> firstToPeople() {
    return firstToPeople;
  }

  public List<ToMachines> notices() {
    return notices;
  }

  /** The messages to people. */
  public List<Message> alerts() {
    return alerts;
  }

  /**
   * The reasons of the notices about an identity, in order; a name of "" asks for those of runs.
   */
  public List<String> reasons(String identity) {
    return notices.stream()
        .filter(notice -> notice.identity().equals(identity))
        .map(ToMachines::reason)
        .toList();
  }

  /** From now on nothing is taken, or everything again. */
  public void failing(boolean now) {
    failing = now;
  }

  public void listeners(int count) {
    listeners = count;
  }

  @Override
  public CallResult<Integer> listeners(Name topic) {
    return new CallResult.Answered<>(listeners);
  }
}
