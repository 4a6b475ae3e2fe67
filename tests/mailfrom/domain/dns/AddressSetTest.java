package mailfrom.domain.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressSetTest {
  private static AddressSet set(String networks) {
    AddressSet all = AddressSet.NONE;
    for (String network : networks.strip().split("[ +]+", -1)) {
      if (network.isEmpty()) {
        continue;
      }
      String[] parts = network.split("/", -1);
      byte[] address = AddressSet.v4(parts[0]).or(() -> AddressSet.v6(parts[0])).orElseThrow();
      int bits = parts.length > 1 ? Integer.parseInt(parts[1]) : address.length * 8;
      all = all.plus(AddressSet.networkOf(address, bits));
    }
    return all;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          192.0.2.0/25 192.0.2.128/25                  | 192.0.2.0/24
          192.0.2.128/25 192.0.2.0/25                  | 192.0.2.0/24
          192.0.2.0/24 192.0.2.7                       | 192.0.2.0/24
          192.0.2.9/24                                 | 192.0.2.0/24
          192.0.2.1 192.0.2.3                          | 192.0.2.1, 192.0.2.3
          192.0.2.1 192.0.2.2 192.0.2.3                | 192.0.2.1, 192.0.2.2/31
          0.0.0.0/1 128.0.0.0/1                        | 0.0.0.0/0
          255.255.255.255 ::                           | 255.255.255.255, 0:0:0:0:0:0:0:0
          2001:db8::/33 2001:db8:8000::/33             | 2001:db8:0:0:0:0:0:0/32
          ::/0                                         | 0:0:0:0:0:0:0:0/0
          ::ffff:192.0.2.1                             | 0:0:0:0:0:ffff:c000:201
          """)
  void networksAreOneSet(String networks, String text) {
    assertEquals(text, set(networks).text(9));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          192.0.2.0/24              | 192.0.2.0/25              | 192.0.2.128/25               | 192.0.2.0/25
          192.0.2.0/24              | 192.0.2.64/26             | 192.0.2.0/26, 192.0.2.128/25 | 192.0.2.64/26
          192.0.2.0/24              | 198.51.100.0/24           | 192.0.2.0/24                 | ''
          192.0.2.0/24              | 0.0.0.0/0                 | ''                           | 192.0.2.0/24
          192.0.2.0/30              | 192.0.2.0 192.0.2.3       | 192.0.2.1, 192.0.2.2         | 192.0.2.0, 192.0.2.3
          192.0.2.0/31 192.0.2.4/31 | 192.0.2.1 192.0.2.4       | 192.0.2.0, 192.0.2.5         | 192.0.2.1, 192.0.2.4
          2001:db8::/32             | 0.0.0.0/0                 | 2001:db8:0:0:0:0:0:0/32      | ''
          0.0.0.0/0                 | ::/0                      | 0.0.0.0/0                    | ''
          """)
  void setsAreTakenApart(String one, String other, String minus, String and) {
    assertEquals(minus, set(one).minus(set(other)).text(9));
    assertEquals(and, set(one).and(set(other)).text(9));
    assertEquals(set(one), set(one).minus(set(other)).plus(set(one).and(set(other))));
    assertEquals(minus.isEmpty(), set(other).containsAll(set(one)));
  }

  @Test
  void ofManyNetworksSomeAreNamed() {
    AddressSet three = set("192.0.2.1 192.0.2.3 192.0.2.5");
    assertEquals("192.0.2.1, 192.0.2.3, 192.0.2.5", three.text(3));
    assertEquals("192.0.2.1, 192.0.2.3 and 1 more", three.text(2));
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          192.0.2.1, true, false
          192.0.2.01, false, false
          192.0.2.256, false, false
          192.0.2, false, false
          192.0.2.1.1, false, false
          1.2.3.4.5, false, false
          ::1, false, true
          2001:DB8::, false, true
          ::ffff:1.2.3.4, false, true
          2001:db8, false, false
          12345::, false, false
          fe80::1%eth0, false, false
          example.com, false, false
          """)
  void addressesAreReadByTheirGrammar(String text, boolean v4, boolean v6) {
    assertEquals(v4, AddressSet.v4(text).isPresent());
    assertEquals(v6, AddressSet.v6(text).isPresent(), text);
  }
}
