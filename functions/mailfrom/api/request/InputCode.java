package mailfrom.api.request;

import mailfrom.domain.desired.Problem;

/** What makes a request malformed (400). */
public enum InputCode implements Problem.Code {
  INVALID_JSON,
  REQUIRED,
  WRONG_TYPE,
  UNKNOWN_FIELD,
  DUPLICATE_FIELD,
  INVALID_VALUE,
  MALFORMED_IDENTITY,
  REGION_REQUIRED,
  REGION_NOT_WATCHED
}
