package mailfrom.app.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import mailfrom.domain.desired.Activation;
import mailfrom.domain.desired.Desired;
import mailfrom.domain.desired.ViolationCode;
import mailfrom.domain.name.DomainName;
import mailfrom.domain.ses.BehaviorOnMxFailure;
import mailfrom.domain.ses.Settings;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.GenerationMode;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ETagsTest {
  private static final Settings SETTINGS =
      new Settings(DomainName.of("bounce.example.com"), BehaviorOnMxFailure.USE_DEFAULT_VALUE);

  private static Desired labelled(Map<String, String> labels) {
    return new Desired(SETTINGS, Activation.STAGED, Set.of(), labels);
  }

  @Test
  void twoLabelsAreNotOneThatReadsLikeBoth() {
    assertNotEquals(
        ETags.of(labelled(Map.of("a", "1, b=2"))), ETags.of(labelled(Map.of("a", "1", "b", "2"))));
  }

  @Test
  void everyPartOfWhatIsDesiredCounts() {
    Desired one = labelled(Map.of());
    List<Desired> others =
        List.of(
            Desired.nothing(Map.of()),
            new Desired(
                new Settings(SETTINGS.mailFromDomain(), BehaviorOnMxFailure.REJECT_MESSAGE),
                Activation.STAGED,
                Set.of(),
                Map.of()),
            new Desired(SETTINGS, Activation.IMMEDIATE, Set.of(), Map.of()),
            new Desired(SETTINGS, Activation.STAGED, Set.of(ViolationCode.NAME_IN_USE), Map.of()),
            labelled(Map.of("a", "b")));
    for (Desired other : others) {
      assertNotEquals(ETags.of(one), ETags.of(other), other::toString);
      assertNotEquals(ETags.of(null), ETags.of(other), other::toString);
    }
    assertTrue(ETags.of(null).matches("\"[0-9a-f]{32}\""), ETags.of(null));
  }

  @Property(tries = 10_000, generation = GenerationMode.EXHAUSTIVE)
  void settingsHaveOneETagExactlyWhenTheirLabelsAreEqual(
      @ForAll("labels") Map<String, String> some, @ForAll("labels") Map<String, String> others) {
    assertEquals(some.equals(others), ETags.of(labelled(some)).equals(ETags.of(labelled(others))));
  }

  @Property
  void theOrderOfLabelsDoesNotMatter(@ForAll @Size(max = 5) Map<String, String> labels) {
    Map<String, String> backwards = new LinkedHashMap<>();
    List.copyOf(labels.keySet()).reversed().forEach(name -> backwards.put(name, labels.get(name)));
    assertEquals(ETags.of(labelled(labels)), ETags.of(labelled(backwards)));
  }

  /** Two names, and values of what separates names and values in one text or another. */
  @Provide
  Arbitrary<Map<String, String>> labels() {
    return Arbitraries.maps(
        Arbitraries.of("a", "b"),
        Arbitraries.of("1", "2", "1, b=2", "1,b=2", "1\",\"b\":\"2", "1\nb=2", "1}", ""));
  }
}
