package mailfrom.local;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import mailfrom.local.LocalSes.OnMxFailure;
import mailfrom.local.LocalSes.Status;
import org.jspecify.annotations.Nullable;

/** An identity as SES holds it in one Region. */
final class SesIdentity {
  final String name;
  boolean verified;
  boolean forwarding = true;
  @Nullable Boolean dkimEnabled;
  boolean dkimVerified;
  @Nullable String mailFrom;
  OnMxFailure behavior = OnMxFailure.USE_DEFAULT_VALUE;
  @Nullable Status status;
  @Nullable Instant since;

  SesIdentity(String name) {
    this.name = name;
  }

  boolean isAddress() {
    return name.indexOf('@') >= 0;
  }

  String domain() {
    return name.substring(name.indexOf('@') + 1);
  }

  String token() {
    return Base64.getEncoder()
        .encodeToString(("token of " + name).getBytes(StandardCharsets.UTF_8));
  }

  List<String> dkimTokens() {
    String hash = Integer.toHexString(name.hashCode());
    return List.of("a" + hash, "b" + hash, "c" + hash);
  }
}
