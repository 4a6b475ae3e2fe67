package mailfrom.local;

/** SES's words for wrong parameters. */
final class SesErrors {
  private SesErrors() {}

  static QueryAnswer invalid(String message) {
    return QueryAnswer.refused("InvalidParameterValue", message);
  }

  static QueryAnswer missing(String parameter) {
    return QueryAnswer.refused(
        "ValidationError",
        "1 validation error detected: Value null at '"
            + parameter
            + "' failed to satisfy constraint: Member must not be null");
  }

  static QueryAnswer notInEnum(String parameter, String values) {
    return QueryAnswer.refused(
        "ValidationError",
        "1 validation error detected: Value at '"
            + parameter
            + "' failed to satisfy constraint: Member must satisfy enum value set: ["
            + values
            + "]");
  }
}
