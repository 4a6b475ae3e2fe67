/** The DNS adapter against a real server on 127.0.0.1. */
@NullMarked
package mailfrom.dns;

import org.jspecify.annotations.NullMarked;
