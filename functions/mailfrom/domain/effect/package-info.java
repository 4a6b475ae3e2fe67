/** What mail sent now gets, why, and since when. */
@NullMarked
package mailfrom.domain.effect;

import org.jspecify.annotations.NullMarked;
