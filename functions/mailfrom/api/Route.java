package mailfrom.api;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The calls that the handler answers: a method and a path of the template each. */
enum Route {
  PUT_MAIL_FROM("PUT", "/v1/identities/{identity}/mail-from"),
  DELETE_MAIL_FROM("DELETE", "/v1/identities/{identity}/mail-from"),
  GET_MAIL_FROM("GET", "/v1/identities/{identity}/mail-from"),
  DELETE_DESIRED("DELETE", "/v1/identities/{identity}/mail-from/desired"),
  CHECK_MAIL_FROM("POST", "/v1/identities/{identity}/mail-from/check"),
  GET_HISTORY("GET", "/v1/identities/{identity}/mail-from/history"),
  GET_RECORDS("GET", "/v1/identities/{identity}/mail-from/records"),
  LIST_IDENTITIES("GET", "/v1/identities"),
  GET_SENDER("GET", "/v1/senders/{address}"),
  POST_SILENCE("POST", "/v1/silences"),
  LIST_SILENCES("GET", "/v1/silences"),
  DELETE_SILENCE("DELETE", "/v1/silences/{id}"),
  RELEASE_HELD("POST", "/v1/held/{region}/release"),
  POST_BATCH("POST", "/v1/mail-from-batches"),
  LIST_BATCHES("GET", "/v1/mail-from-batches"),
  GET_BATCH("GET", "/v1/mail-from-batches/{id}"),
  DELETE_BATCH("DELETE", "/v1/mail-from-batches/{id}"),
  TEST_ALERT("POST", "/v1/test-alert"),
  GET_SUMMARY("GET", "/v1/summary"),
  GET_OPENAPI("GET", "/v1/openapi.yaml");

  private final String method;
  private final String path;

  Route(String method, String path) {
    this.method = method;
    this.path = path;
  }

  String method() {
    return method;
  }

  /** The path as the template writes it. */
  String path() {
    return path;
  }

  /** What a method and a path lead to. */
  sealed interface Match {
    /**
     * A route.
     *
     * @param parameter the text in the place of the path's parameter; empty where it has none
     */
    record Found(Route route, String parameter) implements Match {}

    /** The path is right, the method is not. */
    record WrongMethod(List<String> allowed) implements Match {}

    record NoSuchPath() implements Match {}
  }

  /**
   * The route of a request whose path is already decoded. An identity may hold slashes: no end of a
   * path is the end of another, so what stands between is the identity.
   */
  static Match find(String method, String path) {
    List<Route> ofPath = Arrays.stream(values()).filter(route -> route.fits(path)).toList();
    for (Route route : ofPath) {
      if (route.method.equals(method)) {
        return new Match.Found(route, route.parameterIn(path).orElseThrow());
      }
    }
    return ofPath.isEmpty()
        ? new Match.NoSuchPath()
        : new Match.WrongMethod(ofPath.stream().map(Route::method).sorted().toList());
  }

  private boolean fits(String actual) {
    return parameterIn(actual).isPresent();
  }

  /** What stands in the place of the parameter, if any; empty when it is not this path. */
  private Optional<String> parameterIn(String actual) {
    int at = path.indexOf('{');
    if (at < 0) {
      return path.equals(actual) ? Optional.of("") : Optional.empty();
    }
    String before = path.substring(0, at);
    String after = path.substring(path.indexOf('}') + 1);
    boolean fits =
        actual.length() >= before.length() + after.length()
            && actual.startsWith(before)
            && actual.endsWith(after);
    return fits
        ? Optional.of(actual.substring(before.length(), actual.length() - after.length()))
        : Optional.empty();
  }
}
