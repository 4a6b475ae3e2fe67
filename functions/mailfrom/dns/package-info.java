/** The DNS adapter: questions to resolvers and name servers, and what came back. */
@NullMarked
package mailfrom.dns;

import org.jspecify.annotations.NullMarked;
