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
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RuntimeApiTest {

  private static final String HANDLER = EchoHandler.class.getName() + "::handleRequest";
  private static final ObjectMapper JSON = new ObjectMapper();

  private static RuntimeProcess.Setup echo(String name) {
    return RuntimeProcess.classes(HANDLER).named("echo-" + name).memory(128);
  }

  /** For what changes nothing of a process: it is called by several tests. */
  private final RuntimeProcess shared =
      echo("shared").memory(512).env("MAILFROM_TABLE", "state").start();

  @AfterAll
  void end() {
    shared.close();
  }

  /** How often a process was called, this call too. */
  private static int calls(RuntimeProcess process) throws IOException {
    return Integer.parseInt(answer(process.invoke("{}")).path("calls").textValue());
  }

  private static JsonNode answer(Outcome outcome) throws IOException {
    return JSON.readTree(assertInstanceOf(Outcome.Answered.class, outcome).body());
  }

  @Test
  void aProcessAnswersOneEventAfterTheOther() throws Exception {
    assertEquals(new Outcome.Answered(""), shared.awaitReady());
    int before = calls(shared);
    JsonNode first = answer(shared.invoke("{\"text\":\"Grüße\"}"));
    JsonNode second = answer(shared.invoke("{\"text\":\"again\"}"));
    assertEquals("Grüße", first.path("text").textValue());
    assertEquals(Integer.toString(before + 1), first.path("calls").textValue());
    assertEquals(Integer.toString(before + 2), second.path("calls").textValue());
    assertEquals("echo-shared", first.path("function").textValue());
    assertEquals("some", first.path("remaining").textValue());
    assertEquals("state", first.path("table").textValue());
    assertEquals("null", first.path("path").textValue(), "nothing of this test's environment");
    assertTrue(shared.log().contains("called with again"), shared.log());
    assertFalse(shared.wasRestored());
  }

  @Test
  void whatAHandlerThrowsIsAFailureAndTheProcessGoesOn() throws Exception {
    int before = calls(shared);
    var failed = assertInstanceOf(Outcome.Failed.class, shared.invoke("{\"do\":\"throw\"}"));
    assertEquals("Runtime.UserException", failed.type());
    assertTrue(failed.body().contains("java.lang.IllegalArgumentException"), failed.body());
    assertTrue(failed.body().contains("was told to"), failed.body());
    assertEquals(before + 2, calls(shared));
  }

  @Test
  @Tag("slow")
  void aHandlerThatCannotBeMadeIsToldToEveryCall() {
    try (var echo = echo("refuses").env("ECHO_REFUSES_TO_START", "true").start()) {
      assertInstanceOf(Outcome.NotStarted.class, echo.awaitReady());
      var outcome = assertInstanceOf(Outcome.NotStarted.class, echo.invoke("{}"));
      assertTrue(outcome.body().contains("does not start"), outcome.body());
    }
  }

  @Test
  @Tag("slow")
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
  @Tag("slow")
  void aCallThatTakesLongerThanTheTimeoutKillsTheProcess() {
    try (var echo = echo("slow").timeout(Duration.ofMillis(100)).start()) {
      assertInstanceOf(Outcome.Answered.class, echo.awaitReady());
      assertEquals(new Outcome.TimedOut(), echo.invoke("{\"do\":\"hang\"}"));
      assertFalse(echo.isAlive());
    }
  }

  @Test
  @Tag("slow")
  void severalProcessesAnswerAtTheSameTime() throws Exception {
    try (var other = echo("other").start()) {
      for (RuntimeProcess process : List.of(shared, other)) {
        assertInstanceOf(Outcome.Answered.class, process.awaitReady());
      }
      // The one's call hangs for ever while the other answers.
      Future<Outcome> open = other.invokeAsync("{\"do\":\"hang\"}");
      JsonNode answer = answer(shared.invoke("{\"text\":\"to one\"}"));
      assertEquals(Long.toString(shared.pid()), answer.path("pid").textValue());
      assertFalse(open.isDone());
    }
  }

  @Test
  @Tag("slow")
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
    assertEquals("here", answer(shared.invoke("{}")).path("junit").textValue());
  }

  @Test
  void anEventOfSeveralMegabytesGoesThrough() throws Exception {
    String text = "x".repeat(4_000_000);
    assertEquals(
        text, answer(shared.invoke("{\"text\":\"" + text + "\"}")).path("text").textValue());
  }
}
