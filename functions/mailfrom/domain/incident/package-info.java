/** What is a trouble, when it is told, and what was told: incidents and their notices. */
@NullMarked
package mailfrom.domain.incident;

import org.jspecify.annotations.NullMarked;
