@NullMarked
package mailfrom.domain.ses;

import org.jspecify.annotations.NullMarked;
