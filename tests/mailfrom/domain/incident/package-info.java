@NullMarked
package mailfrom.domain.incident;

import org.jspecify.annotations.NullMarked;
