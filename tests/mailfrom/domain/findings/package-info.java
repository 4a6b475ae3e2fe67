@NullMarked
package mailfrom.domain.findings;

import org.jspecify.annotations.NullMarked;
