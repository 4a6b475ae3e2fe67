/** What the DNS says of a MAIL FROM domain, judged as a receiver does: its MX, SPF and DMARC. */
@NullMarked
package mailfrom.domain.dns;

import org.jspecify.annotations.NullMarked;
