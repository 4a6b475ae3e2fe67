package mailfrom.page;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import mailfrom.domain.name.IdentityKey;
import mailfrom.domain.name.IdentityName;
import org.jspecify.annotations.Nullable;

/** The parameters of a view, and all that is wrong with them. */
final class Parameters {
  private static final int LONGEST = 2_000;

  private final Map<String, String> values;
  private final String account;
  private final List<String> regions;
  private final List<String> problems = new ArrayList<>();

  Parameters(Map<String, String> values, String account, List<String> regions) {
    this.values = values;
    this.account = account;
    this.regions = regions;
  }

  List<String> problems() {
    return List.copyOf(problems);
  }

  /** A text; null when it is not given. */
  @Nullable String text(String name) {
    String value = values.getOrDefault(name, "");
    if (value.length() > LONGEST) {
      problems.add("%s is longer than any that there is.".formatted(name));
      return null;
    }
    return value.isEmpty() ? null : value;
  }

  /** A constant by its name, in any case; null when it is not given. */
  <E extends Enum<E>> @Nullable E word(String name, Class<E> type) {
    String text = text(name);
    if (text == null) {
      return null;
    }
    for (E constant : type.getEnumConstants()) {
      if (constant.name().equalsIgnoreCase(text)) {
        return constant;
      }
    }
    problems.add(
        "%s is “%s”, and has to be one of %s."
            .formatted(
                name,
                Texts.clipped(text),
                Arrays.stream(type.getEnumConstants())
                    .map(constant -> constant.name().toLowerCase(Locale.ROOT))
                    .collect(Collectors.joining(", "))));
    return null;
  }

  /** A watched Region; null when none is given. */
  @Nullable String region() {
    String region = text("region");
    if (region != null && !regions.contains(region)) {
      problems.add(
          "The Region “%s” is not watched; those are: %s."
              .formatted(Texts.clipped(region), String.join(", ", regions)));
      return null;
    }
    return region;
  }

  /** An identity; null when none is given, or none that can be. */
  @Nullable IdentityKey identity(String name) {
    String text = text(name);
    String region = region();
    if (text == null) {
      return null;
    }
    if (region == null && regions.size() > 1) {
      problems.add("Name the region too: one of %s.".formatted(String.join(", ", regions)));
      return null;
    }
    return IdentityName.parse(text)
        .toOptional()
        .map(
            identity ->
                new IdentityKey(account, region == null ? regions.getFirst() : region, identity))
        .orElseGet(
            () -> {
              problems.add(
                  "“%s” is no domain and no address at one.".formatted(Texts.clipped(text)));
              return null;
            });
  }
}
