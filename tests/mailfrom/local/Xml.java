package mailfrom.local;

import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The XML that the AWS Query protocol answers with. */
final class Xml {
  private Xml() {}

  /** An element with a text. */
  static String text(String name, String value) {
    return element(name, escaped(value));
  }

  /** An element with a text, or nothing at all for null. */
  static String maybe(String name, @Nullable String value) {
    return value == null ? "" : text(name, value);
  }

  /** An element around XML. */
  static String element(String name, String xml) {
    return "<" + name + ">" + xml + "</" + name + ">";
  }

  /** A list: each part is the XML of one member. */
  static String list(String name, Collection<String> members) {
    StringBuilder all = new StringBuilder();
    members.forEach(member -> all.append(element("member", member)));
    return element(name, all.toString());
  }

  /** A map: the values are XML. */
  static String map(String name, Map<String, String> entries) {
    StringBuilder all = new StringBuilder();
    entries.forEach(
        (key, value) -> all.append(element("entry", text("key", key) + element("value", value))));
    return element(name, all.toString());
  }

  static String escaped(String text) {
    StringBuilder out = new StringBuilder(text.length());
    text.chars()
        .forEach(
            c -> {
              switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                default -> {
                  if (c < 0x20) {
                    out.append("&#x").append(Integer.toHexString(c)).append(';');
                  } else {
                    out.append((char) c);
                  }
                }
              }
            });
    return out.toString();
  }
}
