@NullMarked
package mailfrom.domain.dns;

import org.jspecify.annotations.NullMarked;
