package mailfrom.bench;

/** Runs the measurement that {@code -Dbench=} names. */
public final class Bench {
  private Bench() {}

  public static void main(String[] args) {
    String name = System.getProperty("bench", "");
    switch (name) {
      case "warm-put" -> WarmPutBench.run();
      case "start" -> StartBench.run();
      case "fleet" -> FleetBench.run();
      case "fleet-ten" -> FleetBench.runTen();
      default -> {
        System.err.println(
            "No measurement is called '"
                + name
                + "'. There are: -Dbench=warm-put, -Dbench=start, -Dbench=fleet, -Dbench=fleet-ten");
        System.exit(2);
      }
    }
    // The local cloud's parts may leave threads behind.
    System.exit(0);
  }
}
