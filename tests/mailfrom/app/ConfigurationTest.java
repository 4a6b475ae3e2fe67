package mailfrom.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mailfrom.local.Template;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an environment has to say, and what is told of one that says it wrongly. */
class ConfigurationTest {
  private static final Template.Rendered TEMPLATE =
      Template.read()
          .render(Map.of("Regions", "us-east-1,eu-west-1", "Paused", "true"), Template.Names::any);
  private static final Map<String, String> SETTINGS = TEMPLATE.environment("SettingsFunction");
  private static final Map<String, String> WATCH = TEMPLATE.environment("WatchFunction");

  @Test
  void theEnvironmentOfTheTemplateIsRead() {
    Configuration read = Configuration.of(SETTINGS);
    assertEquals(List.of("us-east-1", "eu-west-1"), read.regions());
    assertTrue(read.paused());
    assertTrue(read.policy().restart());
    assertFalse(read.policy().repair());
    assertFalse(read.weeklyReport(), "settings is not told");
    assertEquals(Optional.empty(), read.dns());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "unset",
      textBlock =
          """
          MAILFROM_TABLE         | unset | MAILFROM_TABLE is not set: give it the name of the table
          MAILFROM_TABLE         | ' '   | MAILFROM_TABLE is not set: give it the name of the table
          MAILFROM_REGIONS       | ', ,' | MAILFROM_REGIONS is not set: give it Regions, with commas between them
          MAILFROM_TOPIC_ALERTS  | unset | MAILFROM_TOPIC_ALERTS is not set: give it the ARN of the topic
          MAILFROM_PACE_SHARE    | unset | MAILFROM_PACE_SHARE is not set: give it a number above 0, as 0.9
          MAILFROM_PACE_SHARE    | 0     | MAILFROM_PACE_SHARE is '0': give it a number above 0, as 0.9
          MAILFROM_PACE_SHARE    | much  | MAILFROM_PACE_SHARE is 'much': give it a number above 0, as 0.9
          MAILFROM_PAUSED        | unset | MAILFROM_PAUSED is not set: give it true or false
          MAILFROM_PAUSED        | ''    | MAILFROM_PAUSED is not set: give it true or false
          MAILFROM_PAUSED        | yes   | MAILFROM_PAUSED is 'yes', neither true nor false: give it one of them
          MAILFROM_HEAL_RESTART  | unset | MAILFROM_HEAL_RESTART is not set: give it true or false
          MAILFROM_HEAL_REPAIR   | ture  | MAILFROM_HEAL_REPAIR is 'ture', neither true nor false: give it one of them
          MAILFROM_WEEKLY_REPORT | on    | MAILFROM_WEEKLY_REPORT is 'on', neither true nor false: give it one of them
          MAILFROM_DNS           | 53    | MAILFROM_DNS is '53': give it host:port, or remove it
          MAILFROM_DNS_QUERIES   | 99    | MAILFROM_DNS_QUERIES is '99': give it a whole number of 100 or more, or remove it
          MAILFROM_DNS_QUERIES   | 1e3   | MAILFROM_DNS_QUERIES is '1e3': give it a whole number of 100 or more, or remove it
          MAILFROM_PAUSE         | true  | MAILFROM_PAUSE is not known: correct its name, or remove it
          """)
  void whatIsWrongIsToldWithWhatToDo(String name, @Nullable String value, String told) {
    assertEquals("The environment is wrong: " + told, problems(name, value));
  }

  @Test
  void theDnsIsAskedAsOftenAsAStackMayUnlessALocalOneBearsMore() {
    assertEquals(500, Configuration.of(with("MAILFROM_DNS_QUERIES", "")).dnsQueriesASecond());
    assertEquals(
        100_000, Configuration.of(with("MAILFROM_DNS_QUERIES", "100000")).dnsQueriesASecond());
  }

  @Test
  void aRegionThatIsNamedTwiceIsOne() {
    assertEquals(
        List.of("us-east-1", "eu-west-1"),
        Configuration.of(with("MAILFROM_REGIONS", "us-east-1,eu-west-1,us-east-1,")).regions());
  }

  @ParameterizedTest
  @CsvSource({"True", "' true '", "TRUE"})
  void aFlagMayBeWrittenAsPeopleDo(String text) {
    assertTrue(Configuration.of(with("MAILFROM_PAUSED", text)).paused());
  }

  @Test
  void allThatIsWrongIsToldAtOnce() {
    Map<String, String> wrong = with("MAILFROM_PAUSED", null);
    wrong.put("MAILFROM_PAUSD", "true");
    wrong.remove("MAILFROM_TABLE");
    String told =
        assertThrows(IllegalStateException.class, () -> Configuration.of(wrong)).getMessage();
    for (String name : List.of("MAILFROM_TABLE", "MAILFROM_PAUSED", "MAILFROM_PAUSD")) {
      assertTrue(String.valueOf(told).contains(name + " is not "), told);
    }
  }

  private static Map<String, String> with(String name, @Nullable String value) {
    Map<String, String> environment = new HashMap<>(WATCH);
    if (value == null) {
      environment.remove(name);
    } else {
      environment.put(name, value);
    }
    return environment;
  }

  private static String problems(String name, @Nullable String value) {
    return String.valueOf(
        assertThrows(IllegalStateException.class, () -> Configuration.of(with(name, value)))
            .getMessage());
  }
}
