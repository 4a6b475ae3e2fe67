package mailfrom.domain.name;

/**
 * The key of everything: an identity in one Region of one account.
 *
 * @param account the twelve digits of the AWS account
 * @param region the Region's name, such as us-east-1
 */
public record IdentityKey(String account, String region, IdentityName name) {
  @Override
  public String toString() {
    return account + "/" + region + "/" + name;
  }
}
