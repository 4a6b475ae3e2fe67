/** SLF4J's back end: one JSON line an event, with the fields of Powertools for AWS Lambda. */
@NullMarked
package mailfrom.log;

import org.jspecify.annotations.NullMarked;
