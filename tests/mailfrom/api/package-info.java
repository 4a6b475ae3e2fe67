/** Tests of the HTTP door; every answer in them is held against openapi.yaml. */
@NullMarked
package mailfrom.api;

import org.jspecify.annotations.NullMarked;
