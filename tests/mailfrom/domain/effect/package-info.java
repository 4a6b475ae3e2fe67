@NullMarked
package mailfrom.domain.effect;

import org.jspecify.annotations.NullMarked;
