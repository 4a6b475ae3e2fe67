/** What is wrong with what the DNS says of a MAIL FROM domain, and the records to publish. */
@NullMarked
package mailfrom.domain.findings;

import org.jspecify.annotations.NullMarked;
