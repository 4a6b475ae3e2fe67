@NullMarked
package mailfrom.domain.name;

import org.jspecify.annotations.NullMarked;
