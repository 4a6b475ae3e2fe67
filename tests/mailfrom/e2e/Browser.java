package mailfrom.e2e;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A headless Chromium with one tab, driven by the DevTools protocol. */
final class Browser implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long SECONDS = 60;

  private final Process process;
  private final HttpClient client = HttpClient.newHttpClient();
  private final Map<Integer, CompletableFuture<JsonNode>> asked = new ConcurrentHashMap<>();
  private final AtomicInteger ids = new AtomicInteger();
  private final WebSocket socket;
  private final String session;

  /** Starts it; what it keeps is below the folder. */
  Browser(Path folder) throws IOException {
    Path port = folder.resolve("DevToolsActivePort");
    Files.deleteIfExists(port);
    process =
        new ProcessBuilder(
                "chromium",
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--hide-scrollbars",
                "--remote-debugging-port=0",
                "--remote-debugging-address=127.0.0.1",
                "--user-data-dir=" + folder.toAbsolutePath(),
                "about:blank")
            .redirectErrorStream(true)
            .start();
    // It says on which port it listens, and writes little else.
    String listening = "";
    while (!listening.contains("DevTools listening on ")) {
      listening = process.inputReader().readLine();
      if (listening == null) {
        throw new IllegalStateException("Chromium has ended");
      }
    }
    Thread.ofVirtual().start(() -> process.inputReader().lines().forEach(_ -> {}));
    URI browser = URI.create(listening.substring(listening.indexOf("ws://")));
    socket = client.newWebSocketBuilder().buildAsync(browser, new Answers()).join();
    JsonNode target = call(null, "Target.createTarget", Map.of("url", "about:blank"));
    session =
        call(
                null,
                "Target.attachToTarget",
                Map.of("targetId", target.path("targetId").asText(), "flatten", true))
            .path("sessionId")
            .asText();
  }

  /** Collects the parts of a message. */
  private final class Answers implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
      text.append(part);
      if (last) {
        JsonNode message = json(text.toString());
        text.setLength(0);
        CompletableFuture<JsonNode> waiting = asked.remove(message.path("id").asInt(-1));
        if (waiting != null) {
          waiting.complete(message);
        }
      }
      from.request(1);
      return null;
    }
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(text, e);
    }
  }

  private JsonNode call(@Nullable String session, String method, Map<String, Object> parameters) {
    int id = ids.incrementAndGet();
    ObjectNode message = JSON.createObjectNode().put("id", id).put("method", method);
    message.set("params", JSON.valueToTree(parameters));
    if (session != null) {
      message.put("sessionId", session);
    }
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    asked.put(id, answer);
    socket.sendText(message.toString(), true).join();
    JsonNode got = answer.orTimeout(SECONDS, TimeUnit.SECONDS).join();
    if (got.has("error")) {
      throw new IllegalStateException(method + ": " + got.path("error"));
    }
    return got.path("result");
  }

  void size(int width, int height) {
    call(
        session,
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
  }

  void open(URI url) {
    call(session, "Page.navigate", Map.of("url", "about:blank"));
    call(session, "Page.navigate", Map.of("url", url.toString()));
  }

  /** The value of an expression, which may be a promise. */
  JsonNode evaluate(String script) {
    JsonNode result =
        call(
            session,
            "Runtime.evaluate",
            Map.of("expression", script, "awaitPromise", true, "returnByValue", true));
    if (result.has("exceptionDetails")) {
      throw new IllegalStateException(script + ": " + result.path("exceptionDetails"));
    }
    return result.path("result").path("value");
  }

  /** Waits until a condition of the page holds; the page is asked at each of its pictures. */
  void until(String condition) {
    JsonNode held =
        evaluate(
            "new Promise((yes, no) => { const end = performance.now() + 30000;"
                + " const look = () => { let held = false; try { held = !!("
                + condition
                + "); } catch (e) {} held ? yes(true) : performance.now() > end ? yes(false)"
                + " : setTimeout(look, 20); }; look(); })");
    if (!held.asBoolean()) {
      throw new AssertionError(
          condition + " does not hold in: " + evaluate("document.body.innerText").asText());
    }
  }

  /** Keeps a picture of the whole page. */
  void picture(Path file) throws IOException {
    picture(file, true);
  }

  /** Keeps a picture of what is on the screen. */
  void screen(Path file) throws IOException {
    picture(file, false);
  }

  private void picture(Path file, boolean whole) throws IOException {
    JsonNode shot =
        call(
            session,
            "Page.captureScreenshot",
            Map.of("format", "png", "captureBeyondViewport", whole));
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.write(file, Base64.getDecoder().decode(shot.path("data").asText()));
  }

  @Override
  public void close() {
    client.shutdownNow();
    List<ProcessHandle> children = process.descendants().toList();
    process.destroyForcibly();
    children.forEach(ProcessHandle::destroyForcibly);
  }
}
