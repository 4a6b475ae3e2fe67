/** Telling people and machines: texts, JSON, delivery, silences and test alerts. */
@NullMarked
package mailfrom.app.tell;

import org.jspecify.annotations.NullMarked;
