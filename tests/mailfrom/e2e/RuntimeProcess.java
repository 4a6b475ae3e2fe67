package mailfrom.e2e;

import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.amazonaws.services.lambda.runtime.api.client.AWSLambda;
import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.utilslite.SdkInternalThreadLocal;

/**
 * One function in a process of its own, under Lambda's real Java runtime interface client.
 *
 * <pre>{@code
 * try (var settings = RuntimeProcess.packaged(Path.of(".aws-sam/build/SettingsFunction"), "mailfrom.api.SettingsFunction::handleRequest")
 *         .named("settings").env("MAILFROM_TABLE", "state").timeout(Duration.ofSeconds(28)).start()) {
 *   switch (settings.invoke(json)) { ... }
 *   settings.kill();      // like a lost machine: in the middle of what it does
 *   settings.restart();   // a new process, a cold start
 * }
 * }</pre>
 *
 * <p>A process handles one event at a time, as on Lambda; for concurrency start several. The
 * environment is Lambda's and what {@code env} adds, nothing of the test's own. What the function
 * prints is in {@link #log()}.
 */
public final class RuntimeProcess implements AutoCloseable {

  private static final String ACCOUNT = "123456789012";
  private static final Duration START = Duration.ofSeconds(60);

  private static final String OPTIONS = "JAVA_TOOL_OPTIONS";

  /** What Lambda starts a JVM of this size with; a function's own options say otherwise. */
  private static final String LAMBDAS_OPTIONS = "-XX:+UseSerialGC -XX:TieredStopAtLevel=1";

  private final Setup setup;
  private Running running;

  private record Running(RuntimeApi api, Process process) {}

  private RuntimeProcess(Setup setup) {
    this.setup = setup;
    this.running = launch(setup);
  }

  /**
   * A function from the folder that {@code sam build} made for it, with its {@code lib}, loaded as
   * Lambda loads it.
   */
  public static Setup packaged(Path artifact, String handler) {
    return new Setup(handler, artifact.toAbsolutePath(), runtimeClasspath());
  }

  /** A function from the classes of this test run, its dependencies of scope test among them. */
  public static Setup classes(String handler) {
    String classpath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    return new Setup(handler, Path.of("").toAbsolutePath(), classpath);
  }

  /**
   * Hands an event over and waits for what comes of it, the function's timeout at most; then the
   * process is killed.
   */
  public Outcome invoke(String event) {
    return await(running.api.invoke(event, setup.timeout), setup.timeout);
  }

  /**
   * Hands an event over and does not wait: for what has to happen meanwhile. No timeout is kept.
   */
  CompletableFuture<Outcome> invokeAsync(String event) {
    return running.api.invoke(event, setup.timeout);
  }

  /** Waits until the function asks for its first event: the end of the init phase. */
  public Outcome awaitReady() {
    return await(running.api.ready(), START);
  }

  /**
   * Whether the function went through the hooks of a snapshot; only with {@link Setup#snapStart()}.
   */
  public boolean wasRestored() {
    return running.api.restored().isDone();
  }

  /**
   * Ends the process at once, in the middle of whatever it does. Open calls are {@link
   * Outcome.Ended}.
   */
  void kill() {
    running.process.destroyForcibly().onExit().join();
    running.api.close();
  }

  /** A new process of the same setup; the old one is killed if it still runs. */
  void restart() {
    kill();
    running = launch(setup);
  }

  boolean isAlive() {
    return running.process.isAlive();
  }

  public long pid() {
    return running.process.pid();
  }

  /** All that the function printed, restarts included. */
  public String log() {
    try {
      return Files.readString(setup.logFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    kill();
  }

  private Outcome await(CompletableFuture<Outcome> outcome, Duration timeout) {
    try {
      return outcome.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      kill();
      return new Outcome.TimedOut();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a function was called", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Running launch(Setup setup) {
    RuntimeApi api = RuntimeApi.start(InstantSource.system(), setup.arn());
    try {
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(setup.jvm);
      command.add("--enable-native-access=ALL-UNNAMED");
      command.add("-D" + NativeLibrary.PROPERTY + "=" + NativeLibrary.FILE);
      command.add("-cp");
      command.add(setup.classpath);
      command.add(AWSLambda.class.getName());
      command.add(setup.handler);
      var builder =
          new ProcessBuilder(command).directory(setup.taskRoot.toFile()).redirectErrorStream(true);
      builder.redirectOutput(ProcessBuilder.Redirect.appendTo(setup.logFile().toFile()));
      builder.environment().clear();
      builder.environment().putAll(setup.environment(api.address()));
      Process process = builder.start();
      Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
      var _ = process.onExit().thenRun(() -> api.end(new Outcome.Ended()));
      return new Running(api, process);
    } catch (IOException e) {
      api.close();
      throw new UncheckedIOException(e);
    }
  }

  /**
   * What Lambda itself has on the class path: the runtime interface client and its dependencies,
   * nothing of the function.
   */
  private static String runtimeClasspath() {
    return Stream.of(
            AWSLambda.class, LambdaLogger.class, PojoSerializer.class, SdkInternalThreadLocal.class)
        .map(RuntimeProcess::jarOf)
        .distinct()
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static String jarOf(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** How a function is started. Each method changes this setup and returns it. */
  public static final class Setup {

    private static final String INITIALIZATION_TYPE = "AWS_LAMBDA_INITIALIZATION_TYPE";

    private final String handler;
    private final Path taskRoot;
    private final String classpath;
    private final Map<String, String> environment = new HashMap<>();
    private final List<String> jvm = new ArrayList<>();
    private String name = "function";
    private Duration timeout = Duration.ofSeconds(60);
    private int memory = 512;

    private Setup(String handler, Path taskRoot, String classpath) {
      this.handler = handler;
      this.taskRoot = taskRoot;
      this.classpath = classpath;
    }

    /** The function's name, which its log file has too. */
    public Setup named(String name) {
      this.name = name;
      return this;
    }

    public Setup env(String key, String value) {
      environment.put(key, value);
      return this;
    }

    public Setup env(Map<String, String> values) {
      environment.putAll(values);
      return this;
    }

    /** An option of the JVM, such as {@code -Xmx384m}. */
    public Setup jvm(String option) {
      jvm.add(option);
      return this;
    }

    public Setup timeout(Duration timeout) {
      this.timeout = timeout;
      return this;
    }

    /** Megabytes; the heap gets 85 % of it, as on Lambda, unless a {@code -Xmx} says otherwise. */
    public Setup memory(int megabytes) {
      this.memory = megabytes;
      return this;
    }

    /** Runs the hooks before a snapshot and after a restore, in one process. */
    public Setup snapStart() {
      // The managed runtime sets it: the hooks of org.crac are then those of the runtime.
      jvm("-Dorg.crac.Core.Compat=com.amazonaws.services.lambda.crac");
      return env(INITIALIZATION_TYPE, "snap-start");
    }

    /**
     * Starts the process; the function's init phase runs meanwhile, and the first event waits for
     * it.
     */
    public RuntimeProcess start() {
      if (jvm.stream().noneMatch(option -> option.startsWith("-Xmx"))) {
        jvm.add("-Xmx" + memory * 85 / 100 + "m");
      }
      try {
        Files.createDirectories(logFile().getParent());
        Files.writeString(logFile(), "");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return new RuntimeProcess(this);
    }

    private Path logFile() {
      // Each fork of the tests has a folder of its own.
      return Path.of(System.getProperty("functions.logs", "target/functions"), name + ".log")
          .toAbsolutePath();
    }

    private String arn() {
      return "arn:aws:lambda:us-east-1:" + ACCOUNT + ":function:" + name;
    }

    private Map<String, String> environment(String runtimeApi) {
      Map<String, String> all = new HashMap<>();
      all.put("_HANDLER", handler);
      all.put("AWS_LAMBDA_RUNTIME_API", runtimeApi);
      all.put("AWS_LAMBDA_FUNCTION_NAME", name);
      all.put("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST");
      all.put("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", Integer.toString(memory));
      all.put(INITIALIZATION_TYPE, "on-demand");
      all.put("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/" + name);
      all.put("AWS_LAMBDA_LOG_STREAM_NAME", "2026/11/24/[$LATEST]0123456789abcdef0123456789abcdef");
      all.put("AWS_LAMBDA_LOG_FORMAT", "JSON");
      all.put("AWS_LAMBDA_LOG_LEVEL", "INFO");
      all.put("AWS_EXECUTION_ENV", "AWS_Lambda_java25");
      all.put("AWS_REGION", "us-east-1");
      all.put("AWS_DEFAULT_REGION", "us-east-1");
      if (!environment.containsKey(INITIALIZATION_TYPE)) {
        // A snapshot holds no credentials: there they are asked for.
        all.put("AWS_ACCESS_KEY_ID", "local");
        all.put("AWS_SECRET_ACCESS_KEY", "local");
        all.put("AWS_SESSION_TOKEN", "local");
      }
      all.put("LAMBDA_TASK_ROOT", taskRoot.toString());
      all.put("LAMBDA_RUNTIME_DIR", "/var/runtime");
      all.put("LANG", "en_US.UTF-8");
      all.put("TZ", ":UTC");
      all.putAll(environment);
      all.merge(OPTIONS, LAMBDAS_OPTIONS, (own, lambdas) -> lambdas + " " + own);
      return all;
    }
  }

  /**
   * The native part of the runtime interface client, unpacked once: by itself it unpacks into one
   * fixed file, and processes that start together would overwrite it under each other.
   */
  private static final class NativeLibrary {

    static final String PROPERTY =
        "com.amazonaws.services.lambda.runtime.api.client.runtimeapi.NativeClient.JNI";
    static final Path FILE = unpack();

    private static Path unpack() {
      String machine =
          System.getProperty("os.arch").toLowerCase(Locale.ROOT).equals("aarch64")
              ? "aarch_64"
              : "x86_64";
      String resource = "/jni/libaws-lambda-jni.linux-" + machine + ".so";
      try (var library =
          Objects.requireNonNull(AWSLambda.class.getResourceAsStream(resource), resource)) {
        Path file = Files.createTempFile("runtime-interface-client", ".so");
        file.toFile().deleteOnExit();
        Files.copy(library, file, StandardCopyOption.REPLACE_EXISTING);
        return file;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
