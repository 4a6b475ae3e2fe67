package mailfrom.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import mailfrom.local.HandlersInProcess;
import mailfrom.local.LocalCloud;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The weekly report, switched by its parameter. */
class WeeklyReportWalkTest {
  @ParameterizedTest
  @CsvSource({"true, 1", "false, 0"})
  void itIsToldInTheNextWeekWhenItIsSwitchedOn(String on, int reports) {
    LocalCloud.Options options = LocalCloud.Options.forTests().with(Map.of("WeeklyReport", on));
    try (LocalCloud cloud = new LocalCloud(options, HandlersInProcess::of)) {
      Http http = new Http(cloud.url());
      http.watch();
      http.advance("P7D");
      http.watch();
      http.watch();
      List<String> told = http.alertsNaming("Weekly report");
      assertEquals(reports, told.size(), told::toString);
    }
  }
}
