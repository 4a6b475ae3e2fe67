/** What is told, in words: for people, for machines, for chat. */
@NullMarked
package mailfrom.app.text;

import org.jspecify.annotations.NullMarked;
