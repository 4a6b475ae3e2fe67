/**
 * The embedded local cloud: SES, SNS, DNS and a movable clock on 127.0.0.1, as strict as the real
 * ones.
 */
@NullMarked
package mailfrom.local;

import org.jspecify.annotations.NullMarked;
