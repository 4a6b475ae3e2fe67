package mailfrom.e2e;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import java.util.Map;

/**
 * A function that tells what it was called with; {@code {"do":"throw"}} and {@code {"do":"hang"}}
 * do as they say.
 */
public final class EchoHandler implements RequestHandler<Map<String, String>, Map<String, String>> {

  private int calls;

  private static boolean has(String type) {
    try {
      return Class.forName(type) != null;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  public EchoHandler() {
    if ("true".equals(System.getenv("ECHO_REFUSES_TO_START"))) {
      throw new IllegalStateException("does not start");
    }
  }

  @Override
  public Map<String, String> handleRequest(Map<String, String> event, Context context) {
    calls++;
    System.out.println("called with " + event.get("text"));
    switch (event.getOrDefault("do", "")) {
      case "throw" -> throw new IllegalArgumentException("was told to");
      case "hang" -> {
        try {
          Thread.currentThread().join();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
      default -> {
        // Answers.
      }
    }
    return Map.of(
        "junit", has("org.junit.jupiter.api.Test") ? "here" : "not here",
        "text", event.getOrDefault("text", ""),
        "calls", Integer.toString(calls),
        "pid", Long.toString(ProcessHandle.current().pid()),
        "function", context.getFunctionName(),
        "remaining", context.getRemainingTimeInMillis() > 0 ? "some" : "none",
        "table", String.valueOf(System.getenv("MAILFROM_TABLE")),
        "path", String.valueOf(System.getenv("PATH")));
  }
}
