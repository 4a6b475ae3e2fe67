package mailfrom.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** A tree's text is the one that Jackson's mapper writes. */
class JsonTextTest {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  @Test
  void eachKindOfNodeIsWrittenAsJacksonDoes() {
    ObjectNode tree = NODES.objectNode();
    tree.putNull("null").put("true", true).put("no text", "");
    tree.put("int", -7).put("long", Long.MAX_VALUE).put("half", 0.5).put("much", 1e300);
    tree.putArray("list").add("a").add(1).addNull().addObject().put("deep", false);
    tree.putObject("nothing");
    tree.putArray("empty");
    assertEquals(tree.toString(), JsonText.of(tree));
  }

  @Property
  void anyTextIsWrittenAsJacksonDoes(@ForAll String name, @ForAll String value) {
    ObjectNode tree = NODES.objectNode().put(name, value);
    assertEquals(tree.toString(), JsonText.of(tree));
  }

  @Test
  void whatNoAnswerHoldsIsRefused() {
    ObjectNode tree = NODES.objectNode().put("bytes", new byte[] {1});
    assertThrows(IllegalArgumentException.class, () -> JsonText.of(tree));
  }
}
