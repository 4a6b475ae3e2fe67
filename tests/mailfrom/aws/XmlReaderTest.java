package mailfrom.aws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.xml.stream.XMLInputFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.protocols.query.unmarshall.XmlDomParser;
import software.amazon.awssdk.protocols.query.unmarshall.XmlElement;

/** The XML reader that the SDK finds for SES's answers. */
class XmlReaderTest {
  private static XmlElement read(String text) {
    return XmlDomParser.parse(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void theSdkFindsTheFastOne() {
    assertTrue(
        XMLInputFactory.newInstance().getClass().getName().startsWith("com.fasterxml.aalto."));
  }

  @Test
  void textsAreWhole() {
    // Longer than any buffer, with characters of all lengths and each kind of reference.
    String text = "mörder.example &amp; 例え.example &#x1F4E7; <![CDATA[<&>]]> ".repeat(1000);
    assertEquals(
        "mörder.example & 例え.example \uD83D\uDCE7 <&> ".repeat(1000),
        read("<a><b>" + text + "</b></a>").getElementByName("b").textContent());
  }

  @Test
  void nothingOutsideOfTheAnswerIsRead(@TempDir Path folder) throws IOException {
    Path secret = Files.writeString(folder.resolve("secret"), "read-from-a-file");
    String text =
        "<!DOCTYPE a [<!ENTITY e SYSTEM \"%s\">]><a><b>&e;</b></a>".formatted(secret.toUri());
    String found;
    try {
      found = String.valueOf(read(text).getElementByName("b").textContent());
    } catch (SdkClientException e) {
      found = String.valueOf(e.getMessage());
    }
    assertFalse(found.contains("read-from-a-file"), found);
  }
}
