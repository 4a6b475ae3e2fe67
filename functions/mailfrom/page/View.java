package mailfrom.page;

import java.util.Locale;

/** What the page can show. */
enum View {
  FLEET("Fleet"),
  IDENTITY("Identity"),
  SENDER("Sender"),
  BATCHES("Batches"),
  SILENCES("Silences"),
  RUNS("Runs");

  private final String title;

  View(String title) {
    this.title = title;
  }

  /** As people read it. */
  String title() {
    return title;
  }

  /** As the widget's parameters spell it. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
