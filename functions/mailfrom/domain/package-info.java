/**
 * What is decided, and nothing else: names, effects, findings, plans, incidents. Knows only the
 * JDK.
 */
@NullMarked
package mailfrom.domain;

import org.jspecify.annotations.NullMarked;
