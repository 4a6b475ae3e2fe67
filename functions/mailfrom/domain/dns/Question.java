package mailfrom.domain.dns;

/**
 * What the DNS was asked for.
 *
 * @param type of the records, such as TXT
 * @param name as it was asked for
 */
public record Question(String type, String name) {}
