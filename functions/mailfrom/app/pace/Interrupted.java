package mailfrom.app.pace;

/**
 * Somebody ended the work that this thread did: it is over, and nothing was concluded. The thread's
 * own flag is set again before it is thrown, so that whatever would wait next does not.
 */
public final class Interrupted extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** Made where a wait was interrupted. */
  public Interrupted(InterruptedException cause) {
    super("the work was ended while it waited", cause);
    Thread.currentThread().interrupt();
  }
}
