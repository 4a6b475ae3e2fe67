package mailfrom.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
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
 * Each command of a message runs as it stands: taken out of the golden files, split by a shell, and
 * made against the local cloud as curl, the AWS CLI and dig would.
 */
class CommandsTest {
  private static final Path GOLDEN = Path.of("tests/mailfrom/app/tell/golden");
  private static final Pattern COMMAND =
      Pattern.compile("(?m)^ +((?:curl|aws|dig) (?:.*\\\\\\n)*.*)$");
  private static final String API = "https://a1b2c3.execute-api.us-east-1.amazonaws.com";
  private static final Pattern NAMES =
      Pattern.compile("[a-z0-9@.]*(?:example\\.com|cust\\d+\\.example)");

  private static LocalCloud cloud;
  private static SesClient ses;

  @BeforeAll
  static void start() throws IOException {
    cloud = new LocalCloud(LocalCloud.Options.forTests(), HandlersInProcess::of);
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

  /** As the shell that it is pasted into hands the words over. */
  private static List<String> words(String command) throws Exception {
    String script =
        "for tool in curl aws dig; do eval \"$tool() { printf '%s\\\\0' $tool \\\"\\$@\\\"; }\"; done\n"
            + command;
    Process shell = new ProcessBuilder("sh", "-c", script).redirectErrorStream(true).start();
    String out = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, shell.waitFor(), out);
    return Arrays.asList(out.split("\0"));
  }

  @Test
  void eachCommandOfAMailRuns() throws Exception {
    Map<String, Integer> ran = new HashMap<>();
    List<String> wrong = new ArrayList<>();
    for (String command : commands()) {
      List<String> words = words(command);
      String outcome =
          switch (words.getFirst()) {
            case "curl" -> curl(words);
            case "aws" -> aws(words);
            case "dig" -> dig(words);
            default -> "no tool of ours";
          };
      ran.merge(words.getFirst(), 1, Integer::sum);
      if (!outcome.isEmpty()) {
        wrong.add(command + "\n  -> " + outcome);
      }
    }
    assertEquals(List.of(), wrong);
    assertTrue(ran.keySet().containsAll(List.of("curl", "aws", "dig")), ran::toString);
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
        case "-sS" -> {}
        case "--aws-sigv4" -> signed = word.next().equals("aws:amz:us-east-1:execute-api");
        case "--user" -> signed &= word.next().contains(":");
        case "-X" -> method = word.next();
        case "-d" -> body = word.next();
        case "-H" -> headers.add(word.next());
        default -> url = option;
      }
    }
    if (!signed || !url.startsWith(API)) {
      return "not signed for the API, or without its address";
    }
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(cloud.url() + url.substring(API.length())))
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
    HttpResponse<String> answer =
        HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
    return answer.statusCode() / 100 == 2 ? "" : answer.statusCode() + " " + answer.body();
  }

  private static String aws(List<String> words) {
    Map<String, String> options = new HashMap<>();
    for (int i = 3; i + 1 < words.size(); i += 2) {
      options.put(words.get(i), words.get(i + 1));
    }
    if (!"us-east-1".equals(options.remove("--region")) || !"ses".equals(words.get(1))) {
      return "not for SES in the Region";
    }
    String one = options.size() == 1 ? options.values().iterator().next() : "";
    boolean known =
        switch (words.get(2) + " " + new TreeSet<>(options.keySet())) {
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

  private static String dig(List<String> words) throws Exception {
    SimpleResolver resolver = new SimpleResolver(InetAddress.getLoopbackAddress());
    resolver.setPort(cloud.dns().port());
    Message answer =
        resolver.send(
            Message.newQuery(
                org.xbill.DNS.Record.newRecord(
                    Name.fromString(words.getLast() + "."),
                    Type.value(words.get(words.size() - 2)),
                    DClass.IN)));
    int code = answer.getRcode();
    return code == Rcode.NOERROR || code == Rcode.NXDOMAIN ? "" : Rcode.string(code);
  }
}
