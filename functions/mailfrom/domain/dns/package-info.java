/**
 * What the DNS says of a MAIL FROM domain: one look at it, what is wrong with it, and the records
 * to publish.
 */
@NullMarked
package mailfrom.domain.dns;

import org.jspecify.annotations.NullMarked;
