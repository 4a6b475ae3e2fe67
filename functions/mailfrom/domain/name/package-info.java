/**
 * Names as their one normal form: domains, identities, the key of everything, and patterns over
 * them.
 */
@NullMarked
package mailfrom.domain.name;

import org.jspecify.annotations.NullMarked;
