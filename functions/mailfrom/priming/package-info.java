/**
 * Primes the function settings before its snapshot is taken: an AWS and a DNS that answer inside of
 * this process, and the requests that are rehearsed against them.
 */
@NullMarked
package mailfrom.priming;

import org.jspecify.annotations.NullMarked;
