package mailfrom.aws;

import mailfrom.domain.identity.IdentityState;

/** The text form of rows, for tests that keep rows elsewhere than in DynamoDB. */
public final class TextForm {
  private TextForm() {}

  /** What is read after a state was written as the table writes it. */
  public static IdentityState throughText(IdentityState state) {
    return StateJson.read(StateJson.write(state), IdentityState.class);
  }
}
