package mailfrom.page;

import java.util.List;

/**
 * What is around each view.
 *
 * @param endpoint the ARN that actions call: this function as it was called
 * @param dark whether the console is dark
 * @param address where this view is
 */
record Frame(String endpoint, boolean dark, Address address) {
  /** The views that one comes to without naming anything. */
  static final List<View> TABS =
      List.of(View.FLEET, View.SENDER, View.BATCHES, View.SILENCES, View.RUNS);

  String theme() {
    return dark ? "mf-dark" : "mf-light";
  }

  boolean isAt(View view) {
    return address.view() == view;
  }
}
