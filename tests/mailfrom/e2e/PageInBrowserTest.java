package mailfrom.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import mailfrom.local.HandlersInProcess;
import mailfrom.local.LocalCloud;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * The page as people see it, in Chromium: each view at three widths, light and dark, clicked from
 * the fleet to an identity and its record. The pictures stay in {@code target/page}. The system
 * property {@code axe} is where axe.min.js of axe-core is.
 */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PageInBrowserTest {
  private static final Path PICTURES = Path.of("target/page");
  private static final List<Integer> WIDTHS = List.of(380, 800, 1400);
  private static final String DRAWN = "document.querySelector('#widget[aria-busy=false] .mf-root')";

  private LocalCloud cloud;
  private Browser browser;

  @BeforeAll
  void start(@TempDir Path profile) throws IOException {
    assertTrue(
        Stream.of(System.getenv("PATH").split(":"))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, "chromium"))),
        "Chromium is not installed");
    cloud = new LocalCloud(LocalCloud.Options.forTests(), HandlersInProcess::of);
    cloud.plantSampleFleet();
    cloud.runSampleFleetsPast();
    var _ = cloud.watch();
    browser = new Browser(Files.createTempDirectory(profile, "chromium"));
  }

  @AfterAll
  void end() {
    if (browser != null) {
      browser.close();
    }
    if (cloud != null) {
      cloud.close();
    }
  }

  private void open(int width, String theme, String address) {
    browser.size(width, 900);
    browser.open(cloud.url().resolve("/?theme=" + theme + "#" + address));
    browser.until(DRAWN);
  }

  private void click(String text) {
    browser.evaluate(
        "[...document.querySelectorAll('#widget button')].find(one => one.textContent.trim() === '"
            + text
            + "').click()");
    browser.until(DRAWN);
  }

  private String shown() {
    return browser.evaluate("document.querySelector('#widget').innerText").asText();
  }

  @Test
  void eachViewFitsEachWidthInBothThemes() throws IOException {
    List<String> faults = new ArrayList<>();
    String axe = System.getProperty("axe", "");
    String script = axe.isEmpty() ? "" : Files.readString(Path.of(axe));
    for (String view :
        List.of(
            "fleet",
            "identity&identity=orders.example.org",
            "identity&identity=tickets.example.org",
            "identity&identity=office@example.net",
            "sender&address=news@shop.example.org",
            "batches",
            "silences",
            "runs",
            "nonsense")) {
      for (String theme : List.of("light", "dark")) {
        for (int width : WIDTHS) {
          open(width, theme, "view=" + view);
          String name = view.replaceAll("[^a-z.]+", "-") + "-" + width + "-" + theme;
          browser.picture(PICTURES.resolve(name + ".png"));
          JsonNode wide =
              browser.evaluate(
                  "[...document.querySelectorAll('#widget *')].filter(one => one.getBoundingClientRect()"
                      + ".right > innerWidth + 1).map(one => one.className || one.tagName).join()");
          if (!wide.asText().isEmpty()) {
            faults.add(name + " is wider than the screen: " + wide.asText());
          }
          if (browser.evaluate("document.querySelector('#widget').dataset.stripped").asInt() != 0) {
            faults.add(name + " uses what the console strips");
          }
          if (!script.isEmpty()) {
            var _ = browser.evaluate(script + ";0");
            JsonNode found =
                browser.evaluate(
                    "axe.run('#widget').then(all => all.violations.filter(one => ['serious',"
                        + " 'critical'].includes(one.impact)).map(one => one.id + ': '"
                        + " + one.nodes.map(node => node.html).slice(0, 3).join(' | ')))");
            found.forEach(one -> faults.add(name + ": " + one.asText()));
          }
        }
      }
    }
    assertEquals(List.of(), faults);
  }

  /** The picture of the README: target/page/readme.png. */
  @Test
  void theFleetIsSeenInASmallPicture() throws IOException {
    open(1000, "light", "view=fleet");
    var _ =
        browser.evaluate(
            "document.querySelector('header').remove(); document.querySelector('footer').remove()");
    browser.size(1000, 620);
    Path picture = PICTURES.resolve("readme.png");
    browser.screen(picture);
    assertTrue(Files.size(picture) < 150_000, () -> picture + " is too large");
  }

  @Test
  void fromTheFleetToTheRecordOfAnIdentity() {
    open(1400, "light", "view=fleet");
    click("orders.example.org");
    assertTrue(shown().contains("What to do"), this::shown);
    assertTrue(shown().contains("bounce.orders"), this::shown);
    assertTrue(shown().contains("feedback-smtp.us-east-1.amazonses.com"), this::shown);
    click("Sender");
    var _ =
        browser.evaluate(
            "document.querySelector('[name=mf-address]').value = 'news@shop.example.org'");
    click("Look");
    assertTrue(shown().contains("wins: the most granular verified identity"), this::shown);
    click("Fleet");
    var _ = browser.evaluate("document.querySelector('[name=mf-name]').value = 'orders'");
    click("Filter");
    browser.until("!document.querySelector('#widget').innerText.includes('billing.example.org')");
    assertTrue(shown().contains("orders.example.org"), this::shown);
  }

  /** The walk of the README: set, publish, lose the record, put it back. */
  @Test
  void theWalkIsSeenOnThePage() {
    Http http = new Http(cloud.url());
    String set = "{\"mailFromDomain\":\"bounce.example.com\"}";
    String records =
        "{\"MX\":[\"10 feedback-smtp.us-east-1.amazonses.com\"],"
            + "\"TXT\":[\"v=spf1 include:amazonses.com ~all\"]}";
    http.put("/v1/identities/example.com/mail-from", set);
    http.watch();
    open(800, "light", "view=identity&identity=example.com");
    assertTrue(shown().contains("Publish"), this::shown);
    http.put("/local/dns/bounce.example.com", records);
    http.watch();
    open(800, "light", "view=identity&identity=example.com");
    browser.until("document.querySelector('#widget').innerText.includes('Custom MAIL FROM')");
    http.delete("/local/dns/bounce.example.com");
    http.advance("PT1H");
    http.watch();
    open(800, "light", "view=identity&identity=example.com");
    assertTrue(shown().contains("Falls back"), this::shown);
    assertTrue(shown().contains("STARTED"), this::shown);
    http.put("/local/dns/bounce.example.com", records);
    for (int i = 0; i < 3; i++) {
      http.advance("PT15M");
      http.watch();
    }
    open(800, "light", "view=identity&identity=example.com");
    assertTrue(shown().contains("RECOVERED"), this::shown);
  }

  /** The contract as a page: each call of it is drawn, and nothing came from elsewhere. */
  @Test
  void theContractIsDrawn() {
    browser.size(1000, 900);
    browser.open(cloud.url().resolve("/v1/docs"));
    browser.until("document.querySelectorAll('.opblock').length > 15");
    String loaded =
        "performance.getEntriesByType('resource').map(one => new URL(one.name)).filter(one =>"
            + " one.protocol !== 'data:')";
    assertEquals(4, browser.evaluate(loaded + ".length").asInt());
    assertEquals(
        "",
        browser.evaluate(loaded + ".filter(one => one.host !== location.host).join()").asText());
  }
}
