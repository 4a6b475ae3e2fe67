package mailfrom.app.read;

import java.util.List;
import java.util.Map;
import mailfrom.app.pace.CallResult;
import mailfrom.domain.name.IdentityName;
import mailfrom.domain.ses.Settings;
import org.jspecify.annotations.Nullable;

/** SES handed on as it is, for tests that change one part. */
public class ForwardingSes implements Ses {
  private final Ses to;

  public ForwardingSes(Ses to) {
    this.to = to;
  }

  @Override
  public CallResult<Page> list(String region, @Nullable String token) {
    return to.list(region, token);
  }

  @Override
  public CallResult<MailFrom> mailFrom(String region, List<IdentityName> names) {
    return to.mailFrom(region, names);
  }

  @Override
  public CallResult<Map<IdentityName, Boolean>> verified(String region, List<IdentityName> names) {
    return to.verified(region, names);
  }

  @Override
  public CallResult<Map<IdentityName, Boolean>> dkimSigns(String region, List<IdentityName> names) {
    return to.dkimSigns(region, names);
  }

  @Override
  public CallResult<Map<IdentityName, Boolean>> forwarding(
      String region, List<IdentityName> names) {
    return to.forwarding(region, names);
  }

  @Override
  public CallResult<List<String>> receiptRecipients(String region) {
    return to.receiptRecipients(region);
  }

  @Override
  public SetAnswer set(String region, IdentityName name, Settings settings) {
    return to.set(region, name, settings);
  }
}
