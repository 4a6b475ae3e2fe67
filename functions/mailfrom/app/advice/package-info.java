/**
 * What a reader is told to do about an identity: steps, commands to paste, and where more is found.
 */
@NullMarked
package mailfrom.app.advice;

import org.jspecify.annotations.NullMarked;
