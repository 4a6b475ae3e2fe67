/** What is kept in the table: identities, Regions and history, and how their rows are changed. */
@NullMarked
package mailfrom.app.store;

import org.jspecify.annotations.NullMarked;
