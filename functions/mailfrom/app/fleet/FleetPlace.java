package mailfrom.app.fleet;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import mailfrom.domain.desired.Desired;
import mailfrom.domain.effect.Effect;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.name.IdentityKey;
import mailfrom.domain.name.IdentityName;

/**
 * An identity's place in the list of its Region: the worst first, by whom it needs, then effect,
 * the newest and name. The table keeps it beside the identity, so both are stored forms.
 *
 * @param order places of one Region compare as these texts do, by their UTF-8
 */
public record FleetPlace(IdentityKey key, String order) {
  /** Of an order: what stands before the name. */
  private static final int HEAD = "00|".length() + 19;

  private static final String BETWEEN = "|";

  /** The text that comes next after {@link #BETWEEN}: it ends all that begin with a head. */
  private static final String AFTER_ALL = "}";

  /** Lower than any character of a name: a text with it added is the next one. */
  private static final String NEXT = "\u0001";

  private static final String LINE = "\n";

  /** One of a Region's list. */
  public static FleetPlace of(String account, String region, String order) {
    String name = order.substring(HEAD + BETWEEN.length());
    return new FleetPlace(new IdentityKey(account, region, new IdentityName(name)), order);
  }

  /** The place of an identity; empty when no run has read it, or it was deleted. */
  public static Optional<FleetPlace> of(IdentityState state) {
    return isShown(state)
        ? Optional.of(
            new FleetPlace(
                state.key(),
                rank(Attention.of(state), effectRank(state))
                    + BETWEEN
                    + newestFirst(state.effectState().since())
                    + BETWEEN
                    + state.key().name()))
        : Optional.empty();
  }

  /** Whether an identity belongs to the fleet. */
  public static boolean isShown(IdentityState state) {
    return state.wasSeen() && !state.isGone();
  }

  /** The first order of the rest of a Region's list after this place. */
  public String next() {
    return order + NEXT;
  }

  /** Where the list of all Regions goes on after this place: the Regions are between. */
  public String cursor() {
    return order.substring(0, HEAD)
        + BETWEEN
        + key.region()
        + BETWEEN
        + order.substring(HEAD + BETWEEN.length());
  }

  /** In the list of all Regions, of places of any two. */
  public static int compare(FleetPlace one, FleetPlace other) {
    int byHead = one.order.substring(0, HEAD).compareTo(other.order.substring(0, HEAD));
    int byRegion = byHead != 0 ? byHead : one.key.region().compareTo(other.key.region());
    return byRegion != 0 ? byRegion : byUtf8(one.order, other.order);
  }

  /** Compares two orders of one Region, as the table does. */
  public static int byUtf8(String one, String other) {
    int i = 0;
    while (i < one.length() && i < other.length() && one.charAt(i) == other.charAt(i)) {
      i++;
    }
    if (i == one.length() || i == other.length()) {
      return one.length() - other.length();
    }
    // Where they differ within a pair of surrogates, the first halves were equal.
    int before = i > 0 && Character.isHighSurrogate(one.charAt(i - 1)) ? i - 1 : i;
    return one.codePointAt(before) - other.codePointAt(before);
  }

  /**
   * The first order of what a Region has after a cursor. A cursor that we did not make begins
   * anywhere.
   */
  public static String from(String cursor, String region) {
    if (cursor.length() <= HEAD) {
      return "";
    }
    String head = cursor.substring(0, HEAD);
    String rest = cursor.substring(HEAD + BETWEEN.length());
    String last = rest.contains(BETWEEN) ? rest.substring(0, rest.indexOf(BETWEEN)) : rest;
    int compared = region.compareTo(last);
    return compared < 0
        ? head + AFTER_ALL
        : compared > 0 || !rest.contains(BETWEEN)
            ? head + BETWEEN
            : head + BETWEEN + rest.substring(last.length() + BETWEEN.length()) + NEXT;
  }

  /**
   * A part of the order.
   *
   * @param from the first order
   * @param until as or after the last one
   */
  public record Span(String from, String until) {
    static Span of(String firstRank, String lastRank) {
      return new Span(firstRank, lastRank + AFTER_ALL);
    }
  }

  static String rank(Attention attention, int effectRank) {
    int first =
        switch (attention) {
          case CRITICAL -> 0;
          case WARNING -> 1;
          case INFO -> 2;
          case RECOVERING -> 3;
          case SETTING_UP -> 4;
          case NONE -> 5;
        };
    return "" + first + effectRank;
  }

  /** What is not verified is the worst when it was, and the last when it never was. */
  static final int UNVERIFIED_SINCE = 0;

  static final int NEVER_VERIFIED = 5;

  static int rank(Effect effect) {
    return switch (effect) {
      case UNVERIFIED -> UNVERIFIED_SINCE;
      case REJECTED -> 1;
      case FALLBACK -> 2;
      case CUSTOM -> 3;
      case DEFAULT -> 4;
    };
  }

  private static int effectRank(IdentityState state) {
    Effect effect = state.effectState().effect();
    return effect == Effect.UNVERIFIED && state.effectState().cause() == null
        ? NEVER_VERIFIED
        : rank(effect);
  }

  private static String newestFirst(Instant since) {
    String millis = Long.toString(Long.MAX_VALUE - since.toEpochMilli());
    return "0".repeat(19 - millis.length()) + millis;
  }

  /**
   * What an identity can be found by, as one text: a line a fact. Whether a silence holds is not in
   * it: silences come and go without a write of it.
   */
  public static String facts(IdentityState state) {
    Desired desired = state.desired();
    Stream<String> facts =
        FleetFact.STORED.stream().flatMap(kind -> kind.of(state).map(word -> fact(kind, word)));
    Stream<String> labels =
        desired == null
            ? Stream.empty()
            : desired.labels().entrySet().stream()
                .flatMap(
                    label ->
                        Stream.of(
                            label(label.getKey()), label(label.getKey() + "=" + label.getValue())));
    StringBuilder text = new StringBuilder(LINE).append(name(state.key().name().value()));
    Stream.concat(facts, labels).sorted().forEach(line -> text.append(LINE).append(line));
    return text.append(LINE).toString();
  }

  static String name(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  private static String fact(FleetFact kind, String word) {
    return kind.word() + ":" + word;
  }

  private static String label(String label) {
    return "label:" + label;
  }

  /** The part of the facts that says that a word is true. */
  static String stored(FleetFact kind, String word) {
    return LINE + fact(kind, word) + LINE;
  }

  /** The part of the facts that says that it has a label. */
  static String storedLabel(String label) {
    return LINE + label(label) + LINE;
  }
}
