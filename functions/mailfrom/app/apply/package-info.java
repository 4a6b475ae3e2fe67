/** Setting at SES what was planned: the one caller of SetIdentityMailFromDomain, and what heals. */
@NullMarked
package mailfrom.app.apply;

import org.jspecify.annotations.NullMarked;
