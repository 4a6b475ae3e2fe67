package mailfrom.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import mailfrom.local.HandlersInProcess;
import mailfrom.local.LocalCloud;
import org.junit.jupiter.api.Test;

class SignedGatewayTest {
  @Test
  void aGatewayThatAsksForASignatureTakesAnyAndRefusesNone()
      throws IOException, InterruptedException {
    try (LocalCloud cloud =
            new LocalCloud(LocalCloud.Options.forTests().signed(), HandlersInProcess::of);
        HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request = HttpRequest.newBuilder(cloud.url().resolve("/v1/summary")).build();
      HttpResponse<String> without = client.send(request, HttpResponse.BodyHandlers.ofString());
      assertEquals("403 {\"message\":\"Forbidden\"}", without.statusCode() + " " + without.body());
      HttpRequest signed =
          HttpRequest.newBuilder(request.uri())
              .header("Authorization", "AWS4-HMAC-SHA256 Credential=local")
              .build();
      assertEquals(200, client.send(signed, HttpResponse.BodyHandlers.ofString()).statusCode());
    }
  }
}
