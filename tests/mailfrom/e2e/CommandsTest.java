package mailfrom.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import mailfrom.local.HandlersInProcess;
import mailfrom.local.LocalCloud;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ses.SesClient;

/**
 * Each command of a message, an answer or a document runs as it stands: taken out of it, split by a
 * shell, and made against the local cloud as curl, the AWS CLI and dig would. What the documents
 * have of services that the local cloud is not is whole: what is to be filled in stands in {@link
 * #FILLED_IN}, and nothing else is left open.
 */
class CommandsTest {
  private static final Path GOLDEN = Path.of("tests/mailfrom/app/text/golden");
  private static final Pattern COMMAND =
      Pattern.compile("(?m)^ +((?:curl|aws|dig) (?:.*\\\\\\n)*.*)$");
  private static final String API = "https://a1b2c3.execute-api.us-east-1.amazonaws.com";
  private static final String LOCAL = "http://127.0.0.1:8080";
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```\\w*\\n(.*?)^```$");
  private static final Pattern OF_BLOCK = Pattern.compile("(?m)^((?:curl|aws) (?:.*\\\\\\n)*.*)$");
  private static final Pattern INLINE = Pattern.compile("`((?:curl|aws) [^`]+ [^`]+)`");

  /** What a reader puts in, in one place: the variables of the shell, and the words in capitals. */
  private static final Map<String, String> FILLED_IN =
      Map.of(
          "API", API,
          "AWS_REGION", "us-east-1",
          "AWS_ACCESS_KEY_ID", "AKIDEXAMPLE",
          "AWS_SECRET_ACCESS_KEY", "secret",
          "AWS_SESSION_TOKEN", "token",
          "ALERTS_TOPIC_ARN", "arn:aws:sns:us-east-1:123456789012:alerts",
          "NOTICES_TOPIC_ARN", "arn:aws:sns:us-east-1:123456789012:notices",
          "QUEUE_ARN", "arn:aws:sqs:us-east-1:123456789012:mine",
          "ROUTING_KEY", "0123456789abcdef0123456789abcdef");

  private static final Set<String> CAPITALS =
      Set.of("NAME", "ARN", "TOKEN", "WATCH", "NOW", "STACK", "GROUP");
  private static final Pattern NAMES =
      Pattern.compile("[a-z0-9@.]*(?:example\\.com|cust\\d+\\.example)");

  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static LocalCloud cloud;
  private static SesClient ses;

  @BeforeAll
  static void start() throws IOException {
    // No call waits for another: each is of a reader of its own.
    cloud = new LocalCloud(LocalCloud.Options.forTests().pace(100_000), HandlersInProcess::of);
    ses =
        SesClient.builder()
            .endpointOverride(cloud.sesUrl())
            .region(Region.US_EAST_1)
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("a", "b")))
            .build();
    TreeSet<String> names = new TreeSet<>();
    for (String command : commands()) {
      Matcher name = NAMES.matcher(command);
      while (name.find()) {
        names.add(name.group());
      }
    }
    for (int i = 0; i < 20; i++) {
      names.add("sender%02d@mail.example.com".formatted(i));
    }
    for (String name : names) {
      if (name.contains("@")) {
        cloud.ses().addAddress("us-east-1", name, true);
      } else if (!name.startsWith("bounce.") && !name.startsWith("mailer.")) {
        cloud.ses().addDomain("us-east-1", name, true);
      }
    }
  }

  @AfterAll
  static void stop() {
    ses.close();
    cloud.close();
  }

  /** All different ones of all mails. */
  private static List<String> commands() throws IOException {
    try (Stream<Path> files = Files.list(GOLDEN)) {
      TreeSet<String> commands = new TreeSet<>();
      for (Path file : files.filter(path -> path.toString().endsWith(".txt")).toList()) {
        Matcher command = COMMAND.matcher(Files.readString(file));
        while (command.find()) {
          commands.add(command.group(1));
        }
      }
      return List.copyOf(commands);
    }
  }

  /** The words of each, as the shell that they are pasted into hands them over. */
  private static List<List<String>> words(List<String> commands) throws Exception {
    String script =
        "set -u; for tool in curl aws dig; do eval \"$tool() { printf '%s\\\\0' $tool \\\"\\$@\\\"; printf '\\\\n'; }\"; done\n"
            + String.join("\n", commands);
    ProcessBuilder builder = new ProcessBuilder("sh", "-c", script).redirectErrorStream(true);
    builder.environment().putAll(FILLED_IN);
    Process shell = builder.start();
    String out = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, shell.waitFor(), out);
    List<List<String>> words =
        Pattern.compile("\0\n")
            .splitAsStream(out)
            .map(command -> List.of(command.split("\0", -1)))
            .toList();
    assertEquals(commands.size(), words.size(), "each is one command of a tool");
    return words;
  }

  @Test
  void eachCommandOfAMailRuns() throws Exception {
    assertEquals(Set.of("curl", "aws", "dig"), run(commands()));
  }

  @Test
  void eachCommandOfAnAnswerRuns() throws Exception {
    cloud.ses().addDomain("us-east-1", "answers.example", true);
    Http api = new Http(cloud.url());
    api.put(
        "/v1/identities/answers.example/mail-from",
        "{\"mailFromDomain\":\"bounce.answers.example\"}");
    api.post("/local/watch", "");
    List<String> digs = new ArrayList<>();
    api.get("/v1/identities/answers.example/mail-from")
        .json()
        .path("findings")
        .forEach(finding -> digs.add(finding.path("dig").asText()));
    assertEquals(Set.of("dig"), run(digs));
  }

  @Test
  void eachCommandOfADocumentRuns() throws Exception {
    List<String> all = new ArrayList<>();
    for (String document : List.of("README.md", "OPERATIONS.md")) {
      String text = Files.readString(Path.of(document));
      BLOCK
          .matcher(text)
          .results()
          .flatMap(block -> OF_BLOCK.matcher(block.group(1)).results())
          .forEach(command -> all.add(command.group(1)));
      INLINE
          .matcher(BLOCK.matcher(text).replaceAll(""))
          .results()
          .forEach(command -> all.add(command.group(1).replaceAll("\\s*\\n\\s*", " ")));
    }
    assertEquals(Set.of("curl", "aws"), run(all));
  }

  /**
   * Runs them in their order.
   *
   * @return the tools that were used
   */
  private static Set<String> run(List<String> commands) throws Exception {
    Set<String> tools = new TreeSet<>();
    List<String> wrong = new ArrayList<>();
    List<List<String>> all = words(commands);
    for (int i = 0; i < commands.size(); i++) {
      List<String> words = all.get(i);
      String outcome =
          switch (words.getFirst()) {
            case "curl" -> curl(words);
            case "aws" -> words.get(1).equals("ses") ? aws(words) : whole(words);
            case "dig" -> dig(words);
            default -> "no tool of ours";
          };
      tools.add(words.getFirst());
      if (!outcome.isEmpty()) {
        wrong.add(commands.get(i) + "\n  -> " + outcome);
      }
    }
    assertEquals(List.of(), wrong);
    return tools;
  }

  /** A service that the local cloud is not: an operation and options, and nothing left open. */
  private static String whole(List<String> words) {
    List<String> open =
        words.stream()
            .filter(word -> word.isEmpty() || word.matches(".*[<{]\\w+[>}].*|[A-Z]{3,}"))
            .filter(word -> !CAPITALS.contains(word))
            .toList();
    boolean isCall = words.size() > 2 && words.get(2).matches("[a-z][a-z-]+");
    return isCall && open.isEmpty() ? "" : "not whole: " + open;
  }

  private static String curl(List<String> words) throws Exception {
    String method = "GET";
    String body = null;
    String url = "";
    List<String> headers = new ArrayList<>();
    boolean signed = false;
    for (Iterator<String> word = words.listIterator(1); word.hasNext(); ) {
      String option = word.next();
      switch (option) {
        case "-s", "-sS" -> {}
        case "--aws-sigv4" -> signed = word.next().equals("aws:amz:us-east-1:execute-api");
        case "--user" -> signed &= word.next().contains(":");
        case "-X" -> method = word.next();
        case "-d" -> body = word.next();
        case "-H" -> headers.add(word.next());
        default -> url = option;
      }
    }
    boolean isLocal = url.startsWith(LOCAL);
    if (!isLocal && (!signed || !url.startsWith(API))) {
      return "not signed for the API, or without its address";
    }
    String path = url.substring(isLocal ? LOCAL.length() : API.length());
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(cloud.url() + path))
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body));
    for (String header : headers) {
      int colon = header.indexOf(": ");
      if (colon > 0) {
        request.header(header.substring(0, colon), header.substring(colon + 2));
      }
    }
    HttpResponse<String> answer = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    return answer.statusCode() / 100 == 2 ? "" : answer.statusCode() + " " + answer.body();
  }

  private static String aws(List<String> words) {
    Map<String, String> options = new HashMap<>();
    for (int i = 3; i + 1 < words.size(); i += 2) {
      options.put(words.get(i), words.get(i + 1));
    }
    boolean isLocal = "http://127.0.0.1:8025".equals(options.remove("--endpoint-url"));
    if (!isLocal && !"us-east-1".equals(options.remove("--region"))) {
      return "not for SES in the Region";
    }
    String one = options.size() == 1 ? options.values().iterator().next() : "";
    boolean known =
        switch (words.get(2) + " " + new TreeSet<>(options.keySet())) {
          case "list-identities []" -> ses.listIdentities().hasIdentities();
          case "get-identity-mail-from-domain-attributes [--identities]" ->
              ses.getIdentityMailFromDomainAttributes(r -> r.identities(one))
                  .mailFromDomainAttributes()
                  .containsKey(one);
          case "get-identity-verification-attributes [--identities]" ->
              ses.getIdentityVerificationAttributes(r -> r.identities(one))
                  .verificationAttributes()
                  .containsKey(one);
          case "get-identity-dkim-attributes [--identities]" ->
              ses.getIdentityDkimAttributes(r -> r.identities(one))
                  .dkimAttributes()
                  .containsKey(one);
          case "verify-domain-dkim [--domain]" ->
              ses.verifyDomainDkim(r -> r.domain(one)).hasDkimTokens();
          case "verify-email-identity [--email-address]" ->
              ses.verifyEmailIdentity(r -> r.emailAddress(one)).sdkHttpResponse().isSuccessful();
          case "set-identity-mail-from-domain [--behavior-on-mx-failure, --identity,"
                  + " --mail-from-domain]" ->
              ses.setIdentityMailFromDomain(
                      r ->
                          r.identity(options.get("--identity"))
                              .mailFromDomain(options.get("--mail-from-domain"))
                              .behaviorOnMXFailure(options.get("--behavior-on-mx-failure")))
                  .sdkHttpResponse()
                  .isSuccessful();
          default -> false;
        };
    return known ? "" : "SES does not know it: " + words;
  }

  /** Each of its questions; where no server is named, to the one that knows all zones here. */
  private static String dig(List<String> words) throws Exception {
    SimpleResolver resolver = new SimpleResolver(InetAddress.getLoopbackAddress());
    resolver.setPort(cloud.dns().port());
    for (int i = 1; i < words.size(); i++) {
      String word = words.get(i);
      if (word.equals("-p")) {
        resolver.setPort(Integer.parseInt(words.get(++i)));
      } else if (word.startsWith("@")) {
        resolver.setAddress(InetAddress.ofLiteral(word.substring(1)));
      } else if (!word.startsWith("+")) {
        int code = asked(resolver, word, words.get(++i));
        if (code != Rcode.NOERROR && code != Rcode.NXDOMAIN) {
          return Rcode.string(code);
        }
      }
    }
    return "";
  }

  private static int asked(SimpleResolver resolver, String type, String name) throws Exception {
    Message answer =
        resolver.send(
            Message.newQuery(
                org.xbill.DNS.Record.newRecord(
                    Name.fromString(name + "."), Type.value(type), DClass.IN)));
    return answer.getRcode();
  }
}
