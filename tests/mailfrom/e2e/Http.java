package mailfrom.e2e;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Somebody with curl in front of the local cloud. */
final class Http {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI url;

  Http(URI url) {
    this.url = url;
  }

  /** An answer; the body is an empty text when there is none. */
  record Answer(int status, String body) {
    JsonNode json() {
      try {
        return JSON.readTree(body);
      } catch (JsonProcessingException e) {
        throw new AssertionError("no JSON in " + this, e);
      }
    }
  }

  Answer get(String path) {
    return call("GET", path, null);
  }

  Answer put(String path, String json) {
    return call("PUT", path, json);
  }

  Answer post(String path, String json) {
    return call("POST", path, json);
  }

  /** A POST with an idempotency key. */
  Answer order(String path, String json, String key) {
    return call("POST", path, json, "Idempotency-Key", key);
  }

  Answer delete(String path) {
    return call("DELETE", path, null);
  }

  private Answer call(String method, String path, @Nullable String json, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(url.resolve(path))
            .header("Content-Type", "application/json")
            .method(
                method,
                json == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(json));
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      HttpResponse<String> response =
          client.send(request.build(), HttpResponse.BodyHandlers.ofString());
      return new Answer(response.statusCode(), response.body());
    } catch (IOException e) {
      throw new UncheckedIOException(method + " " + path, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  // ---- in the words of the walk

  JsonNode mailFrom(String identity) {
    Answer answer = get("/v1/identities/" + identity + "/mail-from");
    if (answer.status() != 200) {
      throw new AssertionError(identity + ": " + answer);
    }
    return answer.json();
  }

  String effect(String identity) {
    JsonNode seen = mailFrom(identity);
    String cause = seen.path("cause").isNull() ? "" : " " + seen.path("cause").asText();
    return seen.path("effect").asText() + cause;
  }

  void watch() {
    Answer answer = post("/local/watch", "");
    if (answer.status() != 200 || !answer.json().path("read").path("complete").asBoolean(false)) {
      throw new AssertionError("the run was not complete: " + answer);
    }
  }

  void advance(String duration) {
    Answer answer = post("/local/clock", "{\"advance\":\"" + duration + "\"}");
    if (answer.status() != 200) {
      throw new AssertionError(answer.toString());
    }
  }

  /** The reasons of the notices about an identity, oldest first. */
  List<String> reasons(String identity) {
    return messages("notices").stream()
        .map(message -> new Answer(200, message.path("message").asText()).json())
        .filter(notice -> notice.path("identity").asText().equals(identity))
        .map(notice -> notice.path("reason").asText())
        .toList();
  }

  /** The messages to people that name a word, oldest first. */
  List<String> alertsNaming(String word) {
    return messages("alerts").stream()
        .map(message -> message.path("subject").asText() + "\n" + message.path("message").asText())
        .filter(text -> text.contains(word))
        .toList();
  }

  private List<JsonNode> messages(String topic) {
    JsonNode all = get("/local/alerts").json();
    return StreamSupport.stream(all.spliterator(), false)
        .filter(message -> message.path("topic").asText().equals(topic))
        .toList();
  }
}
