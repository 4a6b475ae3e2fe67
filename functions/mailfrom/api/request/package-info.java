/** Reads a request: its path, query, headers and body, and every problem in them at once. */
@NullMarked
package mailfrom.api.request;

import org.jspecify.annotations.NullMarked;
