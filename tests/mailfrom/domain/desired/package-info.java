@NullMarked
package mailfrom.domain.desired;

import org.jspecify.annotations.NullMarked;
