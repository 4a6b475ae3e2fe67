/**
 * The functions from outside: in processes of their own, under Lambda's real runtime interface
 * client, and over HTTP.
 *
 * <p>{@link mailfrom.e2e.RuntimeProcess} starts a function, from classes or from what {@code sam
 * build} made.
 */
@NullMarked
package mailfrom.e2e;

import org.jspecify.annotations.NullMarked;
