package mailfrom.domain.incident;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Set;
import mailfrom.domain.effect.Cause;
import mailfrom.domain.effect.Effect;
import mailfrom.domain.effect.Phase;
import mailfrom.domain.name.IdentityKey;
import org.jspecify.annotations.Nullable;

/**
 * One thing to tell about one identity, as it was when it was decided. It is owed until both topics
 * have taken it.
 *
 * @param id stable: the same thing told again carries the same id
 * @param since when effect and cause were first seen so
 * @param notBefore when they were last seen otherwise; null when they were so at first sight
 * @param detail a sentence for people: who changed it, what SES said; may be null
 * @param incident the one that it is about; null when it is about none
 * @param delivered the topics that have taken it
 */
public record Notice(
    String id,
    Reason reason,
    Severity severity,
    Effect effect,
    @Nullable Cause cause,
    @Nullable Phase phase,
    Instant since,
    @Nullable Instant notBefore,
    @Nullable Instant deadline,
    @Nullable String detail,
    @Nullable About incident,
    Instant at,
    Set<Topic> delivered) {

  public Notice {
    delivered =
        delivered.isEmpty() ? Set.of() : Collections.unmodifiableSet(EnumSet.copyOf(delivered));
  }

  /**
   * An incident as it was when something was told of it: by its end it is not stored any more.
   *
   * @param trouble what it was in last
   * @param quietSince since when the trouble was not seen any more; null while it was
   */
  public record About(
      String id, Instant startedAt, Trouble trouble, @Nullable Instant quietSince) {}

  /** The id: a hash of the key, the start of the incident, the reason and its count. */
  public static String idOf(IdentityKey key, Instant incidentStart, Reason reason, int count) {
    return hash(key + "|" + incidentStart + "|" + reason + "|" + count);
  }

  /** The first 128 bits of the SHA-256 of a text, as 32 hexadecimal digits. */
  public static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** For machines alone: people have nothing to do about it. */
  public Notice toMachinesOnly() {
    return deliveredTo(Topic.ALERTS);
  }

  public Notice deliveredTo(Topic topic) {
    Set<Topic> more = EnumSet.of(topic);
    more.addAll(delivered);
    return with(incident, more);
  }

  /** The same, about an incident; null: about none. */
  public Notice about(@Nullable Incident of) {
    return with(of == null ? null : of.about(), delivered);
  }

  private Notice with(@Nullable About of, Set<Topic> to) {
    return new Notice(
        id, reason, severity, effect, cause, phase, since, notBefore, deadline, detail, of, at, to);
  }

  /** Whether no topic took it yet; one for machines alone was never for people. */
  public boolean isUntold() {
    return reason == Reason.READY ? !delivered.contains(Topic.NOTICES) : delivered.isEmpty();
  }

  public boolean isOwed() {
    return delivered.size() < Topic.values().length;
  }
}
