/** When people and machines are told: delivery, silences and test alerts. */
@NullMarked
package mailfrom.app.tell;

import org.jspecify.annotations.NullMarked;
