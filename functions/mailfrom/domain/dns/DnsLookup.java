package mailfrom.domain.dns;

/**
 * Single questions to the DNS, as receivers ask them to judge SPF and DMARC. Names are in lower
 * case, without the final dot. What could not be asked is an answer too; nothing is thrown.
 */
public interface DnsLookup {

  Answer<String> txt(String name);

  Answer<MxRecord> mx(String name);

  /** The IPv4 addresses of a name, as text. */
  Answer<String> a(String name);

  /** The IPv6 addresses of a name, as text. */
  Answer<String> aaaa(String name);
}
