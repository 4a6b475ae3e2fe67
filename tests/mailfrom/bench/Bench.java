package mailfrom.bench;

/** Runs the measurement that {@code tests/bench} names. */
public final class Bench {
  private Bench() {}

  public static void main(String[] args) {
    String name = args.length == 0 ? "" : args[0];
    switch (name) {
      case "warm-put" -> WarmPutBench.run();
      case "start" -> StartBench.run();
      case "requests" -> RequestsBench.run();
      case "fleet" -> FleetBench.run();
      case "fleet-ten" -> FleetBench.runTen();
      case "fleet-page" -> FleetPageBench.run();
      default -> {
        System.err.println(
            "No measurement is called '"
                + name
                + "'. There are: warm-put, start, requests, fleet, fleet-ten, fleet-page");
        System.exit(2);
      }
    }
    // The local cloud's parts may leave threads behind.
    System.exit(0);
  }
}
