package mailfrom.app.read;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import mailfrom.domain.name.IdentityName;

/**
 * SES's answers under the names that were asked for. SES does not tell domains by their case, and
 * in which case it echoes a local part is not known: what nobody else asked for under its own text
 * is the answer about the one name that differs in case alone.
 */
public final class AnswersByName {
  private AnswersByName() {}

  /** The answers about these names; who is not in it was not answered for. */
  public static <A> Map<IdentityName, A> of(List<IdentityName> names, Map<String, A> answers) {
    Map<IdentityName, A> named = new HashMap<>();
    for (IdentityName name : names) {
      A answer = answers.get(name.value());
      if (answer != null) {
        named.put(name, answer);
      }
    }
    if (!named.keySet().containsAll(names)) {
      inOtherForms(names, answers).forEach(named::putIfAbsent);
    }
    return named;
  }

  /** Those too that SES's answer writes in another form, or another case. */
  private static <A> Map<IdentityName, A> inOtherForms(
      List<IdentityName> names, Map<String, A> answers) {
    Map<IdentityName, A> under = new HashMap<>();
    Map<String, A> inAnyCase = new HashMap<>();
    answers.forEach(
        (text, answer) -> {
          IdentityName.parse(text).toOptional().ifPresent(name -> under.put(name, answer));
          inAnyCase.put(lower(text), answer);
        });
    Map<IdentityName, A> named = new HashMap<>();
    Set<String> taken = new HashSet<>();
    Set<String> doubtful = new HashSet<>();
    for (IdentityName name : names) {
      A answer = under.get(name);
      if (answer != null) {
        named.put(name, answer);
      }
      if (!taken.add(lower(name.value()))) {
        doubtful.add(lower(name.value()));
      }
    }
    for (IdentityName name : names) {
      String text = lower(name.value());
      A answer = inAnyCase.get(text);
      if (answer != null && !doubtful.contains(text)) {
        named.putIfAbsent(name, answer);
      }
    }
    return named;
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }
}
