/** Tests of the whole: the house that everything lives in. */
@NullMarked
package mailfrom;

import org.jspecify.annotations.NullMarked;
