@NullMarked
package mailfrom.domain.identity;

import org.jspecify.annotations.NullMarked;
