package mailfrom.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import mailfrom.local.LocalTable;
import mailfrom.local.TemplateTable;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallingType;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * The commands of OPERATIONS.md, made as the AWS CLI makes them: a shell splits them, the SDK's
 * model says which options a call has, and DynamoDB Local answers. What that does not know is
 * played here: a restore is a table with the rows and keys and nothing else.
 */
final class Runbook {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```\\n(.*?)^```$");
  private static final Pattern WORDS = Pattern.compile("([a-z0-9])([A-Z])|([A-Z])([A-Z][a-z])");
  private static final String MODEL = "software.amazon.awssdk.services.dynamodb.model.";

  private final LocalTable table;
  private final Set<String> restorable = new TreeSet<>();
  private final Map<String, String> tags = new TreeMap<>();
  private final Map<String, String> overrides = new HashMap<>();

  Runbook(LocalTable table) {
    this.table = table;
  }

  /** The blocks of commands below a heading of the second level. */
  static List<String> blocks(String heading) throws IOException {
    String whole = Files.readString(Path.of("OPERATIONS.md"));
    int from = whole.indexOf("\n## " + heading + "\n");
    assertNotEquals(-1, from, heading);
    int to = whole.indexOf("\n## ", from + 1);
    return BLOCK
        .matcher(whole.substring(from, to < 0 ? whole.length() : to))
        .results()
        .map(block -> block.group(1))
        .toList();
  }

  /** The tables that a command made restorable to a point in time. */
  Set<String> restorable() {
    return restorable;
  }

  /** The tag {@code Application} of the tables that a command gave one. */
  Map<String, String> tags() {
    return tags;
  }

  /** The parameters of the template that the commands deployed with. */
  Map<String, String> overrides() {
    return overrides;
  }

  /**
   * Makes the commands of a block, one after the other.
   *
   * @param names what stands for a word that the reader puts his own in place of, such as NAME
   */
  void run(String block, Map<String, String> names) throws Exception {
    String commands = block;
    for (Map.Entry<String, String> name : names.entrySet()) {
      commands =
          commands.replaceAll(
              "\\b" + name.getKey() + "\\b", Matcher.quoteReplacement(name.getValue()));
    }
    for (List<String> words : split(commands)) {
      switch (words.getFirst() + " " + words.get(1)) {
        case "aws dynamodb" -> dynamoDb(words.subList(2, words.size()));
        case "sam build" -> assertEquals(2, words.size(), words::toString);
        case "sam deploy" -> deploy(words.subList(2, words.size()));
        default -> throw new AssertionError("no command known here: " + words);
      }
    }
  }

  /** As the shell that they are pasted into hands the words over. */
  private static List<List<String>> split(String commands) throws Exception {
    String script =
        "for tool in aws sam; do eval \"$tool() { printf '%s\\\\0' $tool \\\"\\$@\\\" ''; }\"; done\n"
            + commands;
    Process shell = new ProcessBuilder("sh", "-ec", script).redirectErrorStream(true).start();
    String out = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, shell.waitFor(), out);
    return Stream.of(out.split("\0\0", -1))
        .filter(command -> !command.isEmpty())
        .map(command -> List.of(command.split("\0", -1)))
        .toList();
  }

  private void deploy(List<String> options) {
    assertEquals("--parameter-overrides", options.getFirst());
    for (String override : options.subList(1, options.size())) {
      String[] both = override.split("=", 2);
      overrides.put(both[0], both[1]);
    }
  }

  private void dynamoDb(List<String> words) throws Exception {
    if (words.getFirst().equals("wait")) {
      assertEquals("table-exists", words.get(1));
      ObjectNode described = request("describe-table", words.subList(2, words.size()));
      JsonNode answer = JSON.readTree(send("DescribeTable", described).body());
      assertEquals("ACTIVE", answer.path("Table").path("TableStatus").asText());
      return;
    }
    String call = pascal(words.getFirst());
    ObjectNode request = request(words.getFirst(), words.subList(1, words.size()));
    HttpResponse<String> answer = send(call, request);
    if (answer.body().contains("UnknownOperationException")) {
      play(call, request);
    } else {
      assertEquals(200, answer.statusCode(), () -> words + " " + answer.body());
    }
  }

  private void play(String call, ObjectNode request) {
    try (DynamoDbClient client = table.client()) {
      switch (call) {
        case "RestoreTableToPointInTime" -> {
          String target = request.path("TargetTableName").asText();
          client.createTable(TemplateTable.read().request(target));
          client
              .scanPaginator(r -> r.tableName(request.path("SourceTableName").asText()))
              .items()
              .forEach(item -> client.putItem(r -> r.tableName(target).item(item)));
        }
        case "UpdateContinuousBackups" -> {
          String name = request.path("TableName").asText();
          client.describeTable(r -> r.tableName(name));
          if (request
              .path("PointInTimeRecoverySpecification")
              .path("PointInTimeRecoveryEnabled")
              .asBoolean()) {
            restorable.add(name);
          }
        }
        case "TagResource" -> {
          String arn = request.path("ResourceArn").asText();
          String name = arn.substring(arn.lastIndexOf('/') + 1);
          assertEquals(arn, client.describeTable(r -> r.tableName(name)).table().tableArn());
          JsonNode tag = request.path("Tags").path(0);
          assertEquals("Application", tag.path("Key").asText());
          tags.put(name, tag.path("Value").asText());
        }
        default -> throw new AssertionError("DynamoDB Local does not know it: " + call);
      }
    }
  }

  private HttpResponse<String> send(String call, ObjectNode request) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(table.url())
              .header("X-Amz-Target", "DynamoDB_20120810." + call)
              .header("Content-Type", "application/x-amz-json-1.0")
              .header(
                  "Authorization",
                  "AWS4-HMAC-SHA256 Credential=local/20261128/us-east-1/dynamodb/aws4_request,"
                      + " SignedHeaders=host, Signature=none")
              .POST(HttpRequest.BodyPublishers.ofString(request.toString()))
              .build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }

  // ---- options, as the SDK's model knows them

  private static String pascal(String kebab) {
    StringBuilder name = new StringBuilder();
    for (String word : kebab.split("-", -1)) {
      name.append(word.substring(0, 1).toUpperCase(Locale.ROOT)).append(word.substring(1));
    }
    return name.toString();
  }

  private static String option(SdkField<?> field) {
    return "--"
        + WORDS.matcher(field.locationName()).replaceAll("$1$3-$2$4").toLowerCase(Locale.ROOT);
  }

  private static ObjectNode request(String command, List<String> options) throws Exception {
    Object builder =
        Class.forName(MODEL + pascal(command) + "Request").getMethod("builder").invoke(null);
    Map<String, SdkField<?>> fields = new HashMap<>();
    ((SdkPojo) builder).sdkFields().forEach(field -> fields.put(option(field), field));
    ObjectNode request = JSON.createObjectNode();
    for (int i = 0; i < options.size(); i++) {
      String option = options.get(i);
      SdkField<?> field = fields.get(option.replaceFirst("^--no-", "--"));
      if (field == null) {
        throw new AssertionError("aws dynamodb " + command + " has no option " + option);
      }
      if (MarshallingType.BOOLEAN.equals(field.marshallingType())) {
        request.put(field.locationName(), !option.startsWith("--no-"));
      } else {
        List<String> values = new ArrayList<>();
        while (i + 1 < options.size() && !options.get(i + 1).startsWith("--")) {
          values.add(options.get(++i));
        }
        request.set(field.locationName(), value(field, values));
      }
    }
    return request;
  }

  private static JsonNode value(SdkField<?> field, List<String> values) throws IOException {
    if (MarshallingType.LIST.equals(field.marshallingType())) {
      if (values.size() == 1 && values.getFirst().startsWith("[")) {
        return JSON.readTree(values.getFirst());
      }
      ArrayNode list = JSON.createArrayNode();
      values.forEach(one -> list.add(shorthand(one)));
      return list;
    }
    assertEquals(1, values.size(), () -> field.locationName() + " has one value: " + values);
    String text = values.getFirst();
    if (MarshallingType.SDK_POJO.equals(field.marshallingType())) {
      return shorthand(text);
    }
    return MarshallingType.INSTANT.equals(field.marshallingType())
        ? JSON.getNodeFactory().numberNode(Instant.parse(text).getEpochSecond())
        : JSON.getNodeFactory().textNode(text);
  }

  /** {@code Enabled=true,AttributeName=expiresAt} */
  private static ObjectNode shorthand(String text) {
    ObjectNode fields = JSON.createObjectNode();
    List<String> wrong = new ArrayList<>();
    for (String one : text.split(",", -1)) {
      String[] both = one.split("=", 2);
      if (both.length < 2) {
        wrong.add(one);
      } else if (both[1].equals("true") || both[1].equals("false")) {
        fields.put(both[0], Boolean.parseBoolean(both[1]));
      } else {
        fields.put(both[0], both[1]);
      }
    }
    assertEquals(List.of(), wrong);
    return fields;
  }
}
