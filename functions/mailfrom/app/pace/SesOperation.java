package mailfrom.app.pace;

/** The operations of SES that this system calls: each has its own pace. */
public enum SesOperation {
  LIST_IDENTITIES,
  GET_MAIL_FROM,
  GET_VERIFICATION,
  GET_DKIM,
  GET_NOTIFICATION,
  DESCRIBE_RECEIPT_RULES,
  SET_MAIL_FROM
}
