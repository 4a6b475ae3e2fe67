package mailfrom.api.request;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/** What Content-Type and Accept say (RFC 9110). */
public final class MediaTypes {
  private static final Pattern CHARSET = Pattern.compile("charset=\"?([^\"]*)\"?");
  private static final Pattern QUALITY = Pattern.compile("q=(0(\\.[0-9]{0,3})?|1(\\.0{0,3})?)");

  private MediaTypes() {}

  /** Whether the body is said to be JSON, in UTF-8 or without a word about it. */
  public static boolean isJson(Request request) {
    String coding = request.header("content-encoding").orElse("identity");
    String[] parts =
        request.header("content-type").orElse("").toLowerCase(Locale.ROOT).split(";", -1);
    if (!parts[0].strip().equals("application/json") || !coding.equalsIgnoreCase("identity")) {
      return false;
    }
    for (int i = 1; i < parts.length; i++) {
      var charset = CHARSET.matcher(parts[i].strip());
      if (charset.matches() && !charset.group(1).equals("utf-8")) {
        return false;
      }
    }
    return true;
  }

  /**
   * The form of an answer that Accept likes best by its name; the first one unless another is liked
   * better.
   *
   * @param forms what can be answered, what is answered without a word first
   */
  public static <T> T best(Request request, List<T> forms, Function<? super T, String> mediaType) {
    String accept = request.header("accept").orElse("").toLowerCase(Locale.ROOT);
    T best = forms.getFirst();
    double most = quality(accept, mediaType.apply(best)).orElse(0.0);
    for (T form : forms) {
      double quality = quality(accept, mediaType.apply(form)).orElse(0.0);
      if (quality > most) {
        best = form;
        most = quality;
      }
    }
    return best;
  }

  private static Optional<Double> quality(String accept, String type) {
    for (String range : accept.split(",", -1)) {
      String[] parts = range.split(";", -1);
      if (parts[0].strip().equals(type)) {
        double quality = 1;
        for (int i = 1; i < parts.length; i++) {
          var q = QUALITY.matcher(parts[i].strip());
          if (q.matches()) {
            quality = Double.parseDouble(q.group(1));
          }
        }
        return Optional.of(quality);
      }
    }
    return Optional.empty();
  }
}
