package mailfrom.app.read;

import java.util.List;
import java.util.Map;
import mailfrom.app.pace.CallResult;
import mailfrom.app.pace.Slot;
import mailfrom.domain.name.IdentityName;
import mailfrom.domain.ses.Dkim;
import mailfrom.domain.ses.Settings;
import org.jspecify.annotations.Nullable;

/** SES handed on as it is, for tests that change one part. */
public class ForwardingSes implements Ses {
  private final Ses to;

  public ForwardingSes(Ses to) {
    this.to = to;
  }

  @Override
  public CallResult<Page> list(Slot slot, String region, @Nullable String token) {
    return to.list(slot, region, token);
  }

  @Override
  public CallResult<MailFrom> mailFrom(Slot slot, String region, List<IdentityName> names) {
    return to.mailFrom(slot, region, names);
  }

  @Override
  public CallResult<Map<IdentityName, Boolean>> verified(
      Slot slot, String region, List<IdentityName> names) {
    return to.verified(slot, region, names);
  }

  @Override
  public CallResult<Map<IdentityName, Dkim>> dkim(
      Slot slot, String region, List<IdentityName> names) {
    return to.dkim(slot, region, names);
  }

  @Override
  public CallResult<Map<IdentityName, Boolean>> forwarding(
      Slot slot, String region, List<IdentityName> names) {
    return to.forwarding(slot, region, names);
  }

  @Override
  public CallResult<List<String>> receiptRecipients(Slot slot, String region) {
    return to.receiptRecipients(slot, region);
  }

  @Override
  public SetAnswer set(Slot slot, String region, IdentityName name, Settings settings) {
    return to.set(slot, region, name, settings);
  }
}
