package mailfrom.log;

import org.slf4j.Logger;
import org.slf4j.event.Level;
import software.amazon.lambda.powertools.logging.internal.LoggingManager;

/**
 * Which events become lines: those of the level that Powertools takes from {@code
 * POWERTOOLS_LOG_LEVEL} or {@code AWS_LAMBDA_LOG_LEVEL}, and of libraries less. Powertools finds it
 * as a service.
 */
public final class LogLevels implements LoggingManager {
  /** The logger of what a run did: at no level is it silent, as metrics are not. */
  private static final String REPORTS = "mailfrom.reports";

  private static volatile Level level = Level.INFO;

  @Override
  public void setLogLevel(Level wanted) {
    level = wanted;
  }

  @Override
  public Level getLogLevel(Logger logger) {
    return of(logger.getName());
  }

  /** The least level of a logger's events that become lines. */
  static Level of(String logger) {
    if (logger.equals(REPORTS)) {
      return Level.INFO;
    }
    Level least = leastOf(logger);
    return least.toInt() > level.toInt() ? least : level;
  }

  /**
   * Libraries never tell more than this: the SDK would log requests, and dnsjava warns of each
   * server that does not answer, which is an answer here.
   */
  private static Level leastOf(String logger) {
    if (logger.startsWith("org.xbill.DNS")) {
      return Level.ERROR;
    }
    return logger.startsWith("mailfrom") ? Level.TRACE : Level.WARN;
  }
}
