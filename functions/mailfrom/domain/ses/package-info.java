/**
 * What SES holds and says of an identity, in SES's own words: settings, status, and what was read
 * last.
 */
@NullMarked
package mailfrom.domain.ses;

import org.jspecify.annotations.NullMarked;
