package mailfrom.log;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;
import software.amazon.lambda.powertools.logging.argument.StructuredArgument;

/** A logger whose events become lines on standard output. */
final class JsonLogger extends LegacyAbstractLogger {
  private static final long serialVersionUID = 1L;

  JsonLogger(String name) {
    this.name = name;
  }

  @Override
  protected void handleNormalizedLoggingCall(
      Level level,
      @Nullable Marker marker,
      @Nullable String message,
      Object @Nullable [] arguments,
      @Nullable Throwable error) {
    Map<String, String> context = MDC.getCopyOfContextMap();
    List<StructuredArgument> fields =
        arguments == null
            ? List.of()
            : Arrays.stream(arguments)
                .filter(StructuredArgument.class::isInstance)
                .map(StructuredArgument.class::cast)
                .toList();
    String line =
        JsonLine.of(
            level,
            Instant.now(),
            MessageFormatter.basicArrayFormat(message, arguments),
            error,
            context == null ? Map.of() : context,
            fields);
    // One write: lines of two threads do not mix.
    System.out.print(line);
  }

  private boolean isWorthALine(Level level) {
    return level.toInt() >= LogLevels.of(name).toInt();
  }

  @Override
  public boolean isTraceEnabled() {
    return isWorthALine(Level.TRACE);
  }

  @Override
  public boolean isDebugEnabled() {
    return isWorthALine(Level.DEBUG);
  }

  @Override
  public boolean isInfoEnabled() {
    return isWorthALine(Level.INFO);
  }

  @Override
  public boolean isWarnEnabled() {
    return isWorthALine(Level.WARN);
  }

  @Override
  public boolean isErrorEnabled() {
    return isWorthALine(Level.ERROR);
  }

  @Override
  protected @Nullable String getFullyQualifiedCallerName() {
    return null;
  }
}
