package mailfrom.local;

import java.util.Map;

/** What a service that speaks the AWS Query protocol answers to one call. */
public sealed interface QueryAnswer {
  /** Done: the XML inside the result element, and further response headers. */
  record Done(String resultXml, Map<String, String> headers) implements QueryAnswer {
    public Done {
      headers = Map.copyOf(headers);
    }

    /** Done, with no further headers. */
    public Done(String resultXml) {
      this(resultXml, Map.of());
    }
  }

  /** Refused, with the service's error code. */
  record Refused(int httpStatus, String code, String message) implements QueryAnswer {}

  /** An answer with status 200 that is not of this protocol. */
  record Broken(String contentType, String body) implements QueryAnswer {}

  /** No answer at all. */
  record Silence() implements QueryAnswer {}

  /** Refused with HTTP 400. */
  static Refused refused(String code, String message) {
    return new Refused(400, code, message);
  }

  /** The word for the call log: {@code OK}, the error code, or {@code TIMEOUT}. */
  default String outcome() {
    return switch (this) {
      case Done _ -> "OK";
      case Refused refused -> refused.code();
      case Broken _ -> "BROKEN";
      case Silence _ -> "TIMEOUT";
    };
  }
}
