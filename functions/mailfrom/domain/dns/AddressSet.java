package mailfrom.domain.dns;

import java.math.BigInteger;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A set of IP addresses, as ranges that do not touch, in their order. IPv6 addresses come behind
 * all IPv4 addresses, so that one order holds both and no range has addresses of both.
 */
record AddressSet(List<Range> ranges) {
  private static final BigInteger V6_BEGINS = BigInteger.TWO.pow(128);
  private static final int V4_BITS = 32;
  private static final int V6_BITS = 128;
  private static final String OCTET = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
  private static final Pattern V4 = Pattern.compile(OCTET + "(?:\\." + OCTET + "){3}");
  private static final Pattern V6 = Pattern.compile("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");

  static final AddressSet NONE = new AddressSet(List.of());
  static final AddressSet ALL_V4 = networkOf(new byte[4], 0);
  static final AddressSet ALL_V6 = networkOf(new byte[16], 0);

  /** From the first to the last address, both included. */
  record Range(BigInteger first, BigInteger last) {}

  AddressSet {
    ranges = List.copyOf(ranges);
  }

  /** Reads an IPv4 address as RFC 7208 writes it; empty when it is none. */
  static Optional<byte[]> v4(String text) {
    return V4.matcher(text).matches()
        ? Optional.of(InetAddress.ofLiteral(text).getAddress())
        : Optional.empty();
  }

  /** Reads an IPv6 address; empty when it is none. */
  static Optional<byte[]> v6(String text) {
    if (!V6.matcher(text).matches()) {
      return Optional.empty();
    }
    try {
      byte[] bytes = InetAddress.ofLiteral(text).getAddress();
      return Optional.of(bytes.length == 16 ? bytes : mapped(bytes));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** The JDK makes an IPv4 address of ::ffff:192.0.2.1; a network of RFC 7208 stays IPv6. */
  private static byte[] mapped(byte[] v4) {
    byte[] bytes = new byte[16];
    bytes[10] = (byte) 0xFF;
    bytes[11] = (byte) 0xFF;
    System.arraycopy(v4, 0, bytes, 12, 4);
    return bytes;
  }

  /** The addresses that share the first bits of one. */
  static AddressSet networkOf(byte[] address, int bits) {
    boolean isV6 = address.length == 16;
    int rest = (isV6 ? V6_BITS : V4_BITS) - bits;
    BigInteger first = new BigInteger(1, address).shiftRight(rest).shiftLeft(rest);
    if (isV6) {
      first = first.add(V6_BEGINS);
    }
    BigInteger last = first.add(BigInteger.ONE.shiftLeft(rest)).subtract(BigInteger.ONE);
    return new AddressSet(List.of(new Range(first, last)));
  }

  boolean isEmpty() {
    return ranges.isEmpty();
  }

  /** Whether all addresses of the other set are in this one. */
  boolean containsAll(AddressSet other) {
    return other.minus(this).isEmpty();
  }

  /** Whether all IPv4 addresses are in it, or all IPv6 ones. */
  boolean isAFamily() {
    return containsAll(ALL_V4) || containsAll(ALL_V6);
  }

  AddressSet and(AddressSet other) {
    List<Range> both = new ArrayList<>();
    for (Range one : ranges) {
      for (Range two : other.ranges) {
        BigInteger first = one.first().max(two.first());
        BigInteger last = one.last().min(two.last());
        if (first.compareTo(last) <= 0) {
          both.add(new Range(first, last));
        }
      }
    }
    return new AddressSet(both);
  }

  AddressSet minus(AddressSet other) {
    List<Range> left = ranges;
    for (Range gone : other.ranges) {
      List<Range> next = new ArrayList<>();
      for (Range range : left) {
        if (range.last().compareTo(gone.first()) < 0 || range.first().compareTo(gone.last()) > 0) {
          next.add(range);
          continue;
        }
        if (range.first().compareTo(gone.first()) < 0) {
          next.add(new Range(range.first(), gone.first().subtract(BigInteger.ONE)));
        }
        if (range.last().compareTo(gone.last()) > 0) {
          next.add(new Range(gone.last().add(BigInteger.ONE), range.last()));
        }
      }
      left = next;
    }
    return new AddressSet(left);
  }

  AddressSet plus(AddressSet other) {
    List<Range> all = new ArrayList<>(ranges);
    all.addAll(other.minus(this).ranges);
    all.sort((one, two) -> one.first().compareTo(two.first()));
    List<Range> joined = new ArrayList<>();
    for (Range range : all) {
      Range before = joined.isEmpty() ? null : joined.getLast();
      boolean touches =
          before != null
              && before.last().add(BigInteger.ONE).equals(range.first())
              && !range.first().equals(V6_BEGINS);
      if (before != null && touches) {
        joined.set(joined.size() - 1, new Range(before.first(), range.last()));
      } else {
        joined.add(range);
      }
    }
    return new AddressSet(joined);
  }

  /** The networks of the set, a few of them by name. */
  String text(int most) {
    List<String> networks = new ArrayList<>();
    ranges.forEach(range -> networks.addAll(networks(range)));
    return networks.size() <= most
        ? String.join(", ", networks)
        : networks.stream().limit(most).collect(Collectors.joining(", "))
            + " and %d more".formatted(networks.size() - most);
  }

  private static List<String> networks(Range range) {
    boolean isV6 = range.first().compareTo(V6_BEGINS) >= 0;
    int bits = isV6 ? V6_BITS : V4_BITS;
    List<String> networks = new ArrayList<>();
    BigInteger at = range.first();
    BigInteger end = range.last();
    while (at.compareTo(end) <= 0) {
      int size = at.signum() == 0 ? bits : at.getLowestSetBit();
      while (at.add(BigInteger.ONE.shiftLeft(size)).subtract(BigInteger.ONE).compareTo(end) > 0) {
        size--;
      }
      networks.add(literal(at, bits / 8) + (size == 0 ? "" : "/" + (bits - size)));
      at = at.add(BigInteger.ONE.shiftLeft(size));
    }
    return networks;
  }

  private static String literal(BigInteger address, int length) {
    List<String> parts = new ArrayList<>();
    int width = length == 4 ? 8 : 16;
    for (int shift = length * 8 - width; shift >= 0; shift -= width) {
      int part = address.shiftRight(shift).intValue() & ((1 << width) - 1);
      parts.add(length == 4 ? Integer.toString(part) : Integer.toHexString(part));
    }
    return String.join(length == 4 ? "." : ":", parts);
  }
}
