package mailfrom.e2e;

/** What came of one call of a function. */
public sealed interface Outcome {

  /** The function answered. */
  record Answered(String body) implements Outcome {}

  /** The handler threw: the runtime's report of it. */
  record Failed(String type, String body) implements Outcome {}

  /** The handler could not be made, or its hooks for a snapshot failed. */
  record NotStarted(String type, String body) implements Outcome {}

  /** The process ended before it answered. */
  record Ended() implements Outcome {}

  /** No answer within the function's timeout; as on Lambda, the process was killed for it. */
  record TimedOut() implements Outcome {}
}
