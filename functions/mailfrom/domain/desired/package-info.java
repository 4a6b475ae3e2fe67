/**
 * What was asked for: the rules it has to keep, how far it has come, and the plan that brings live
 * to it.
 */
@NullMarked
package mailfrom.domain.desired;

import org.jspecify.annotations.NullMarked;
