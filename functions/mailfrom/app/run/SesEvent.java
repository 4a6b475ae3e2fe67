package mailfrom.app.run;

import java.time.Instant;
import java.util.List;
import mailfrom.domain.name.DomainName;
import mailfrom.domain.name.IdentityName;
import org.jspecify.annotations.Nullable;

/**
 * A message that says that something may have changed at SES.
 *
 * @param id the message's own
 * @param names the identities that it is about
 * @param mailFromDomains domains that it is about as MAIL FROM domains: those of any identity of
 *     its Region
 * @param happenedAt when it happened
 * @param sentAt when the message was put into the queue
 * @param by who did it: a caller's ARN, or what stands for one; null: not known
 * @param deletes whether it says that the identities were deleted
 */
public record SesEvent(
    String id,
    String region,
    List<IdentityName> names,
    List<DomainName> mailFromDomains,
    Instant happenedAt,
    Instant sentAt,
    @Nullable String by,
    boolean deletes) {

  public SesEvent {
    names = List.copyOf(names);
    mailFromDomains = List.copyOf(mailFromDomains);
  }
}
