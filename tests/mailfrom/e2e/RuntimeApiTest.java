package mailfrom.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RuntimeApiTest {

  private static final String HANDLER = EchoHandler.class.getName() + "::handleRequest";
  private static final ObjectMapper JSON = new ObjectMapper();

  private static RuntimeProcess.Setup echo(String name) {
    return RuntimeProcess.classes(HANDLER).named("echo-" + name).memory(128);
  }

  private static JsonNode answer(Outcome outcome) throws IOException {
    return JSON.readTree(assertInstanceOf(Outcome.Answered.class, outcome).body());
  }

  @Test
  void aProcessAnswersOneEventAfterTheOther() throws Exception {
    try (var echo = echo("answers").env("MAILFROM_TABLE", "state").start()) {
      assertEquals(new Outcome.Answered(""), echo.awaitReady());
      JsonNode first = answer(echo.invoke("{\"text\":\"Grüße\"}"));
      JsonNode second = answer(echo.invoke("{\"text\":\"again\"}"));
      assertEquals("Grüße", first.path("text").textValue());
      assertEquals("1", first.path("calls").textValue());
      assertEquals("2", second.path("calls").textValue());
      assertEquals("echo-answers", first.path("function").textValue());
      assertEquals("some", first.path("remaining").textValue());
      assertEquals("state", first.path("table").textValue());
      assertEquals("null", first.path("path").textValue(), "nothing of this test's environment");
      assertTrue(echo.log().contains("called with again"), echo.log());
      assertFalse(echo.wasRestored());
    }
  }

  @Test
  void whatAHandlerThrowsIsAFailureAndTheProcessGoesOn() throws Exception {
    try (var echo = echo("throws").start()) {
      var failed = assertInstanceOf(Outcome.Failed.class, echo.invoke("{\"do\":\"throw\"}"));
      assertEquals("Runtime.UserException", failed.type());
      assertTrue(failed.body().contains("java.lang.IllegalArgumentException"), failed.body());
      assertTrue(failed.body().contains("was told to"), failed.body());
      assertEquals("2", answer(echo.invoke("{}")).path("calls").textValue());
    }
  }

  @Test
  void aHandlerThatCannotBeMadeIsToldToEveryCall() {
    try (var echo = echo("refuses").env("ECHO_REFUSES_TO_START", "true").start()) {
      assertInstanceOf(Outcome.NotStarted.class, echo.awaitReady());
      var outcome = assertInstanceOf(Outcome.NotStarted.class, echo.invoke("{}"));
      assertTrue(outcome.body().contains("does not start"), outcome.body());
    }
  }

  @Test
  void aKilledProcessEndsItsOpenCallAndARestartIsACleanStart() throws Exception {
    try (var echo = echo("killed").start()) {
      String before = answer(echo.invoke("{}")).path("pid").textValue();
      Future<Outcome> open = echo.invokeAsync("{\"do\":\"hang\"}");
      echo.kill();
      assertEquals(new Outcome.Ended(), open.get(10, TimeUnit.SECONDS));
      assertFalse(echo.isAlive());
      assertEquals(new Outcome.Ended(), echo.invoke("{}"));
      echo.restart();
      JsonNode after = answer(echo.invoke("{}"));
      assertEquals("1", after.path("calls").textValue());
      assertNotEquals(before, after.path("pid").textValue());
    }
  }

  @Test
  void aCallThatTakesLongerThanTheTimeoutKillsTheProcess() {
    try (var echo = echo("slow").timeout(Duration.ofMillis(100)).start()) {
      assertInstanceOf(Outcome.Answered.class, echo.awaitReady());
      assertEquals(new Outcome.TimedOut(), echo.invoke("{\"do\":\"hang\"}"));
      assertFalse(echo.isAlive());
    }
  }

  @Test
  void severalProcessesAnswerAtTheSameTime() throws Exception {
    List<RuntimeProcess> processes =
        IntStream.range(0, 3).mapToObj(i -> echo("many-" + i).start()).toList();
    try {
      List<CompletableFuture<Outcome>> outcomes =
          processes.stream().map(process -> process.invokeAsync("{\"text\":\"to one\"}")).toList();
      for (int i = 0; i < processes.size(); i++) {
        JsonNode answer = answer(outcomes.get(i).get(60, TimeUnit.SECONDS));
        assertEquals(Long.toString(processes.get(i).pid()), answer.path("pid").textValue());
      }
    } finally {
      processes.forEach(RuntimeProcess::close);
    }
  }

  @Test
  void aSnapshotIsTakenAndRestoredBeforeTheFirstEvent() throws Exception {
    try (var echo = echo("snapshot").snapStart().start()) {
      assertEquals("1", answer(echo.invoke("{}")).path("calls").textValue());
      assertTrue(echo.wasRestored());
    }
  }

  @Test
  void aPackagedFunctionSeesNothingButItsFolderAndLambdasOwnClasses(@TempDir Path artifact)
      throws Exception {
    String file = EchoHandler.class.getName().replace('.', '/') + ".class";
    Path target = artifact.resolve(file);
    Files.createDirectories(target.getParent());
    try (var bytes = Objects.requireNonNull(getClass().getResourceAsStream("/" + file))) {
      Files.copy(bytes, target);
    }
    try (var echo =
        RuntimeProcess.packaged(artifact, HANDLER).named("echo-packaged").memory(128).start()) {
      assertEquals("not here", answer(echo.invoke("{}")).path("junit").textValue());
    }
    try (var echo = echo("unpackaged").start()) {
      assertEquals("here", answer(echo.invoke("{}")).path("junit").textValue());
    }
  }

  @Test
  void anEventOfSeveralMegabytesGoesThrough() throws Exception {
    String text = "x".repeat(4_000_000);
    try (var echo = echo("large").memory(512).start()) {
      assertEquals(
          text, answer(echo.invoke("{\"text\":\"" + text + "\"}")).path("text").textValue());
    }
  }
}
