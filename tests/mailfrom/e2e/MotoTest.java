package mailfrom.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import mailfrom.local.Functions;
import mailfrom.local.LocalCloud;
import mailfrom.local.QueueBatch;
import mailfrom.local.TemplateTable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.ses.SesClient;
import software.amazon.awssdk.services.sns.SnsClient;

/**
 * The packaged functions against SES, DynamoDB and SNS as others play them: moto's server.
 *
 * <p>Moto's are the identities, their settings, all answers' form, the rows and the topics. Moto
 * knows only verified identities and MAIL FROM domains that are {@code Success} at once: another
 * status, and each answer that is false, is the proxy's. DNS and the clock are the local cloud's.
 *
 * <p>What people met and is no case here is tested where its input is at hand:
 *
 * <ul>
 *   <li>11 (b), (c), (e), other codes: {@code QueueMessagesTest}
 *   <li>12 (d), answers that are no answers: {@code SdkSesTest}
 *   <li>16, two owners that take turns: {@code EventRunTest}
 *   <li>17, DKIM of an address or below a domain that signs: {@code EvaluationTest}
 *   <li>25: {@code FieldCasesTest} and the tables of {@code mailfrom.dns} (MX), {@code SdkSesTest}
 * </ul>
 *
 * <p>{@code -Dmoto.url} names the server, {@code -Dpackaged.dir} the folder of the build.
 */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class MotoTest {
  private static final String IDENTITY = "example.com";
  private static final String MAIL_FROM = "bounce.example.com";
  private static final String GET_MAIL_FROM = "GetIdentityMailFromDomainAttributes";
  private static final String GET_VERIFICATION = "GetIdentityVerificationAttributes";
  private static final String GET_DKIM = "GetIdentityDkimAttributes";
  private static final String LIST = "ListIdentities";
  private static final String RECORDS =
      "{\"MX\":[\"10 feedback-smtp.us-east-1.amazonses.com\"],"
          + "\"TXT\":[\"v=spf1 include:amazonses.com ~all\"]}";

  private URI moto;
  private MotoProxy proxy;
  private SesClient ses;
  private LocalCloud cloud;
  private Http http;
  private Map<String, String> environment = Map.of();

  @BeforeAll
  void connect() throws Exception {
    String address = System.getProperty("moto.url");
    assertNotNull(
        address, "Start moto_server, and name its address: -Dmoto.url=http://127.0.0.1:5000");
    moto = URI.create(address);
    proxy = new MotoProxy(moto);
    ses = at(SesClient.builder().httpClient(UrlConnectionHttpClient.create())).build();
    empty();
    open(List.of("us-east-1"));
  }

  /** An empty account; the processes and what is local stay. */
  @BeforeEach
  void start() throws Exception {
    proxy.forget();
    empty();
    createResources();
  }

  private void empty() throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest reset =
          HttpRequest.newBuilder(moto.resolve("/moto-api/reset"))
              .POST(HttpRequest.BodyPublishers.noBody())
              .build();
      assertEquals(200, client.send(reset, HttpResponse.BodyHandlers.ofString()).statusCode());
    }
  }

  private void open(List<String> regions) {
    cloud = new LocalCloud(LocalCloud.Options.forTests().in(regions), this::functions);
    http = new Http(cloud.url());
    assertEquals(204, http.put("/local/dns/" + MAIL_FROM, RECORDS).status());
  }

  @AfterAll
  void stop() {
    if (cloud != null) {
      cloud.close();
    }
    if (proxy != null) {
      ses.close();
      proxy.close();
    }
  }

  private <B extends AwsClientBuilder<B, ?>> B at(B client) {
    return client
        .region(Region.US_EAST_1)
        .endpointOverride(moto)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")));
  }

  private Functions functions(
      Map<String, String> settings, Map<String, String> watch, Map<String, String> page) {
    String build = System.getProperty("packaged.dir");
    assertNotNull(build, "Run sam build, and name its folder: -Dpackaged.dir=.aws-sam/build");
    environment = watch;
    createResources();
    return FunctionsInProcesses.start(
        Path.of(build), atProxy(settings), atProxy(watch), atProxy(page));
  }

  /** The table and the topics that the functions' environment names. */
  private void createResources() {
    try (DynamoDbClient table =
            at(DynamoDbClient.builder().httpClient(UrlConnectionHttpClient.create())).build();
        SnsClient sns =
            at(SnsClient.builder().httpClient(UrlConnectionHttpClient.create())).build()) {
      var _ =
          table.createTable(
              TemplateTable.read().request(environment.getOrDefault("MAILFROM_TABLE", "")));
      environment.forEach(
          (name, value) -> {
            if (name.startsWith("MAILFROM_TOPIC_")) {
              var topic = sns.createTopic(r -> r.name(value.substring(value.lastIndexOf(':') + 1)));
              assertEquals(value, topic.topicArn());
              var _ =
                  sns.subscribe(
                      r -> r.topicArn(value).protocol("email").endpoint("you@example.com"));
            }
          });
    }
  }

  private Map<String, String> atProxy(Map<String, String> environment) {
    Map<String, String> all = new HashMap<>(environment);
    for (String service : List.of("SES", "SNS", "DYNAMODB")) {
      all.put("AWS_ENDPOINT_URL_" + service, proxy.url().toString());
    }
    return all;
  }

  // ---- what happens

  private void verified(String domain) {
    var _ = ses.verifyDomainIdentity(r -> r.domain(domain));
  }

  private void custom() {
    verified(IDENTITY);
    run();
    Http.Answer put =
        http.put(
            "/v1/identities/" + IDENTITY + "/mail-from",
            "{\"mailFromDomain\":\"" + MAIL_FROM + "\"}");
    assertEquals(200, put.status(), put::body);
    run();
    assertEquals("CUSTOM", http.effect(IDENTITY));
  }

  private void fallenBack() {
    custom();
    proxy.lie(GET_MAIL_FROM, status("TemporaryFailure"));
    later();
    assertEquals("FALLBACK TEMPORARY_FAILURE", http.effect(IDENTITY));
    assertEquals(1, count("STARTED"), reasons()::toString);
  }

  private boolean run() {
    return http.post("/local/watch", "").json().path("read").path("complete").asBoolean();
  }

  /** A run a quarter of an hour later. */
  private boolean later() {
    http.advance("PT15M");
    return run();
  }

  private List<String> reasons() {
    return reasons(IDENTITY);
  }

  private List<String> reasons(String identity) {
    return proxy.published().stream()
        .filter(form -> form.getOrDefault("TopicArn", "").endsWith(":notices"))
        .map(form -> new Http.Answer(200, form.getOrDefault("Message", "{}")).json())
        .filter(notice -> notice.path("identity").asText("").equals(identity))
        .map(notice -> notice.path("reason").asText())
        .toList();
  }

  private long count(String reason) {
    return reasons().stream().filter(reason::equals).count();
  }

  private long alerts(String word) {
    return proxy.published().stream()
        .filter(form -> form.getOrDefault("TopicArn", "").endsWith(":alerts"))
        .filter(form -> form.getOrDefault("Message", "").contains(word))
        .count();
  }

  // ---- what the proxy makes of an answer

  private static UnaryOperator<MotoProxy.Answer> status(String word) {
    return answer ->
        answer.body(
            answer
                .body()
                .replaceAll(
                    "(<MailFromDomainStatus>)[^<]*(</MailFromDomainStatus>)", "$1" + word + "$2"));
  }

  private static UnaryOperator<MotoProxy.Answer> lie(String kind) {
    return switch (kind) {
      case "EMPTY_BODY" -> answer -> answer.body("");
      case "HTML" ->
          _ -> new MotoProxy.Answer(200, "text/html", "<html><body>Sign in</body></html>");
      case "NO_ENTRY" ->
          answer ->
              answer.body(
                  answer
                      .body()
                      .replaceAll("(?s)<entry>.*</entry>", "")
                      .replaceAll("(?s)<member>.*</member>", ""));
      case "ERROR_500" -> _ -> new MotoProxy.Answer(500, "text/plain", "upstream connect error");
      default -> throw new IllegalArgumentException(kind);
    };
  }

  // ---- the walk

  @Test
  void setBreakAndRepairIsToldOnceEach() {
    verified(IDENTITY);
    run();
    proxy.lie(GET_MAIL_FROM, status("Pending"));
    Http.Answer put =
        http.put(
            "/v1/identities/" + IDENTITY + "/mail-from",
            "{\"mailFromDomain\":\"" + MAIL_FROM + "\"}");
    assertEquals(200, put.status(), put::body);
    assertTrue(later());
    assertEquals("FALLBACK", http.mailFrom(IDENTITY).path("effect").asText());

    proxy.truth(GET_MAIL_FROM);
    assertTrue(later());
    assertEquals("CUSTOM", http.effect(IDENTITY));
    assertEquals(List.of("READY"), reasons());

    proxy.lie(GET_MAIL_FROM, status("TemporaryFailure"));
    assertTrue(later());
    assertTrue(later());
    assertEquals(List.of("READY", "STARTED"), reasons());
    assertEquals(1, alerts(MAIL_FROM));

    proxy.truth(GET_MAIL_FROM);
    assertTrue(later());
    assertTrue(later());
    assertTrue(later());
    assertEquals(List.of("READY", "STARTED", "RECOVERED"), reasons());
  }

  @Test
  void clearingThroughTheApiIsTakenAndNotTold() {
    custom();
    Http.Answer deleted = http.delete("/v1/identities/" + IDENTITY + "/mail-from");
    assertEquals(200, deleted.status(), deleted::body);
    assertTrue(later());
    assertTrue(later());
    assertEquals("DEFAULT", http.effect(IDENTITY));
    assertEquals(0, count("STARTED"));
  }

  // ---- case 12

  /** Mail is rejected; and so many more identities are well. */
  private void rejected(int others) {
    IntStream.range(0, others).mapToObj("d%d.example.org"::formatted).forEach(this::verified);
    verified(IDENTITY);
    var _ =
        ses.setIdentityMailFromDomain(
            r ->
                r.identity(IDENTITY)
                    .mailFromDomain(MAIL_FROM)
                    .behaviorOnMXFailure("RejectMessage"));
    assertTrue(run());
    proxy.lie(GET_MAIL_FROM, status("TemporaryFailure"));
    assertTrue(later());
    assertEquals("REJECTED TEMPORARY_FAILURE", http.effect(IDENTITY));
    assertEquals(List.of("STARTED"), reasons());
  }

  /** Below twenty identities, one is more than five in a hundred. */
  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          EMPTY_BODY, 0,   ERROR
          HTML,       1,   ERROR
          NO_ENTRY,   0,   EMPTY
          NO_ENTRY,   20,  EMPTY
          ERROR_500,  20,  ERROR
          """)
  void anAnswerWithNothingInItEndsAndDeletesNothing(String kind, int others, String list) {
    rejected(others);
    UnaryOperator<MotoProxy.Answer> nothing = lie(kind);
    for (String operation : List.of(LIST, GET_MAIL_FROM, GET_VERIFICATION, GET_DKIM)) {
      proxy.lie(operation, nothing);
      boolean first = later();
      boolean complete = later() && first;
      switch (operation) {
        case GET_MAIL_FROM -> {
          assertFalse(complete, operation);
          proxy.lie(operation, status("TemporaryFailure"));
        }
        case LIST -> {
          assertEquals(list.equals("EMPTY"), complete, "all were read by name");
          assertEquals(
              list.equals("EMPTY") ? List.of("MISSING") : List.of("BLIND"),
              reasons("").subList(1, 2),
              "it is told");
          proxy.truth(operation);
        }
        default -> proxy.truth(operation);
      }
      assertEquals("REJECTED TEMPORARY_FAILURE", http.effect(IDENTITY), operation);
      assertEquals(0, count("RECOVERED") + count("GONE") + count("BETTER"), operation);
    }
    assertEquals(others + 1, fleet().size());
    proxy.truth(GET_MAIL_FROM);
    assertTrue(later());
    assertTrue(later());
    assertEquals("RECOVERED", reasons().getLast());
  }

  private JsonNode fleet() {
    return http.get("/v1/identities?limit=500").json().path("items");
  }

  /** Every call of SES is empty: then nobody was read, and the run is not complete. */
  @Test
  void aRunInWhichEveryAnswerWasEmptyIsNotComplete() {
    rejected(1);
    List.of(LIST, GET_MAIL_FROM, GET_VERIFICATION, GET_DKIM)
        .forEach(operation -> proxy.lie(operation, lie("NO_ENTRY")));
    assertFalse(later());
    assertFalse(later());
    assertEquals("REJECTED TEMPORARY_FAILURE", http.effect(IDENTITY));
    assertEquals(List.of("STARTED"), reasons());
    assertTrue(reasons("").contains("BLIND"), () -> reasons("").toString());
  }

  // ---- case 13

  @Test
  void aLostVerificationIsToldAndNeverCalledRecovered() {
    fallenBack();
    proxy.lie(
        GET_VERIFICATION,
        answer ->
            answer.body(
                answer
                    .body()
                    .replace(">Success</VerificationStatus>", ">Failed</VerificationStatus>")));
    for (int i = 0; i < 6; i++) {
      later();
    }
    assertEquals("UNVERIFIED VERIFICATION_LOST", http.effect(IDENTITY));
    assertEquals(0, count("RECOVERED"), reasons()::toString);
    assertTrue(alerts("verif") > 0);
  }

  @Test
  void aHealthyIdentityThatIsNotVerifiedAnyMoreIsToldAtOnceAndWhenItIsBack() {
    custom();
    proxy.lie(
        GET_VERIFICATION,
        answer ->
            answer.body(
                answer
                    .body()
                    .replace(">Success</VerificationStatus>", ">Pending</VerificationStatus>")));
    assertTrue(later());
    assertEquals("UNVERIFIED VERIFICATION_LOST", http.effect(IDENTITY));
    assertEquals(1, count("STARTED"), reasons()::toString);
    proxy.truth(GET_VERIFICATION);
    assertTrue(later());
    assertTrue(later());
    assertEquals("CUSTOM", http.effect(IDENTITY));
    assertEquals("RECOVERED", reasons().getLast());
  }

  @Test
  void anIdentityThatIsDeletedAndVerifiedAgainGetsNothingThatWasAskedForBefore() {
    verified("canary.example.org");
    custom();
    var _ = ses.deleteIdentity(r -> r.identity(IDENTITY));
    assertTrue(later());
    assertTrue(later());
    assertEquals(1, count("GONE"), reasons()::toString);
    verified(IDENTITY);
    assertTrue(later());
    assertTrue(later());
    JsonNode back = http.mailFrom(IDENTITY);
    assertTrue(back.path("desired").isNull(), back::toString);
    assertEquals(1, count("GONE"), reasons()::toString);
    assertEquals(0, count("STARTED"), reasons()::toString);
  }

  // ---- case 14

  /** As some carriers have them; and a text that nobody can be asked about. */
  @Test
  void oddNamesAreWatchedUnderTheirTextAndWhatIsNoNameIsCountedAndNamedOnce() {
    custom();
    List<String> odd = List.of("aaa..bbbb.cc@mobile.example.jp", "xxx.yyy.@mobile.example.jp");
    proxy.lie(
        LIST,
        answer ->
            answer.body(
                answer
                    .body()
                    .replace(
                        "<Identities>",
                        "<Identities><member>mia@</member><member>"
                            + String.join("</member><member>", odd)
                            + "</member>")));
    proxy.lie(
        GET_MAIL_FROM,
        answer ->
            answer.body(
                withEntries(
                    answer, odd, "<BehaviorOnMXFailure>UseDefaultValue</BehaviorOnMXFailure>")));
    proxy.lie(
        GET_VERIFICATION,
        answer ->
            answer.body(
                withEntries(answer, odd, "<VerificationStatus>Success</VerificationStatus>")));
    assertTrue(later());
    assertTrue(later());
    for (String name : odd) {
      assertEquals("DEFAULT", http.effect(name), name);
    }
    JsonNode region = http.get("/v1/summary").json().path("regions").path(0);
    assertEquals("[\"mia@\"]", region.path("cannotWatch").toString(), region::toString);
    assertEquals(1, reasons("").stream().filter("MISSING"::equals).count());
  }

  private static String withEntries(MotoProxy.Answer answer, List<String> names, String value) {
    StringBuilder more = new StringBuilder();
    for (String name : names) {
      if (!answer.body().contains("<key>" + name + "</key>")) {
        more.append("<entry><key>%s</key><value>%s</value></entry>".formatted(name, value));
      }
    }
    return answer.body().replaceFirst("</entry>", "</entry>" + more);
  }

  // ---- case 15

  /** The last one: the Regions are others, so the processes have to be. */
  @Test
  @Order(Integer.MAX_VALUE)
  void aDeniedRegionIsToldOnceInWordsAndTheOtherStaysComplete() throws Exception {
    proxy.lieIn(
        "eu-west-1",
        _ ->
            new MotoProxy.Answer(
                403,
                "text/xml",
                """
                <ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>User: \
                arn:aws:sts::123456789012:assumed-role/watch/w is not authorized to perform: \
                ses:ListIdentities with an explicit deny in a service control policy</Message>\
                </Error><RequestId>1</RequestId></ErrorResponse>\
                """));
    cloud.close();
    empty();
    open(List.of("us-east-1", "eu-west-1"));
    verified(IDENTITY);
    for (int i = 0; i < 3; i++) {
      http.advance("PT15M");
      JsonNode regions = http.post("/local/watch", "").json().path("read").path("regions");
      for (JsonNode region : regions) {
        assertEquals(
            region.path("region").asText().equals("us-east-1"),
            region.path("complete").asBoolean(),
            regions::toString);
      }
    }
    assertEquals(1, reasons("").stream().filter("BLIND"::equals).count(), reasons("")::toString);
    assertEquals(1, alerts("policy of your organisation denies"));
  }

  // ---- case 14 again: whichever case an answer has

  @Test
  void answersUnderAnotherCaseAreFound() {
    verified("Example.NET");
    proxy.lie(
        GET_MAIL_FROM,
        answer -> answer.body(answer.body().replace("<key>Example.NET", "<key>example.net")));
    assertTrue(run());
    assertEquals("DEFAULT", http.effect("Example.NET"));
    assertTrue(later());
  }

  // ---- cases 11 and 23

  @Test
  void aHealthEventThatNamesTheMailFromDomainIsReadAtOnce() {
    custom();
    proxy.lie(GET_MAIL_FROM, status("TemporaryFailure"));
    http.advance("PT5M");
    send(MAIL_FROM);
    assertEquals(1, count("STARTED"), reasons()::toString);
  }

  /** The domain falls back; of the addresses below it four use the same MAIL FROM domain. */
  @Test
  void aHealthEventAboutASharedMailFromDomainReadsAllThatUseIt() {
    List<String> all =
        List.of(IDENTITY, "a@example.com", "b@example.com", "c@example.com", "d@example.com");
    all.stream()
        .filter(name -> name.contains("@"))
        .forEach(
            name -> {
              var _ = ses.verifyEmailIdentity(r -> r.emailAddress(name));
            });
    verified(IDENTITY);
    all.forEach(
        name -> {
          var _ = ses.setIdentityMailFromDomain(r -> r.identity(name).mailFromDomain(MAIL_FROM));
        });
    assertTrue(run());
    proxy.lie(GET_MAIL_FROM, status("TemporaryFailure"));
    http.advance("PT5M");
    send(MAIL_FROM);
    all.forEach(name -> assertEquals(List.of("STARTED"), reasons(name), name));
  }

  @Test
  void anEventAboutANameThatIsNoIdentityStoresNothing() {
    custom();
    send("ghost.example.com");
    assertEquals(404, http.get("/v1/identities/ghost.example.com/mail-from").status());
    JsonNode fleet = http.get("/v1/identities").json();
    assertFalse(fleet.toString().contains("ghost"), fleet::toString);
  }

  private void send(String entity) {
    Http.Answer answer =
        http.post("/local/event", QueueBatch.health(entity, cloud.clock().instant()));
    assertTrue(answer.status() < 300, answer::toString);
  }

  // ---- case 22

  @Test
  void aSmallFleetShrinksWithoutAHuman() {
    List<String> names = IntStream.range(0, 11).mapToObj("d%d.example.org"::formatted).toList();
    names.forEach(this::verified);
    assertTrue(run());
    var _ = ses.deleteIdentity(r -> r.identity("d3.example.org"));
    var _ = ses.deleteIdentity(r -> r.identity("d7.example.org"));
    for (int i = 0; i < 3; i++) {
      assertTrue(later(), "nobody is blind, and nobody has to release anything");
    }
    assertEquals(9, fleet().size());
    for (String name : names) {
      boolean deleted = name.startsWith("d3.") || name.startsWith("d7.");
      assertEquals(
          deleted, http.get("/v1/identities/" + name + "/mail-from").status() == 404, name);
    }
    assertEquals(List.of("BASELINE"), reasons(""));
  }

  /** Told for those that worked, or were cared for. */
  @Test
  void whoWorkedAndIsDeletedIsToldAsGoneAfterTwoLists() {
    verified("canary.example.org");
    custom();
    var _ = ses.deleteIdentity(r -> r.identity(IDENTITY));
    assertTrue(later());
    assertEquals(0, count("GONE"), reasons()::toString);
    assertTrue(later());
    assertTrue(later());
    assertEquals(1, count("GONE"), reasons()::toString);
  }

  @Test
  void aListThatIsCutShortDeletesNothing() {
    IntStream.range(0, 11).mapToObj("d%d.example.org"::formatted).forEach(this::verified);
    assertTrue(run());
    proxy.lie(
        "ListIdentities",
        answer ->
            answer.body(answer.body().replaceAll("<member>d[3-7]\\.example\\.org</member>", "")));
    later();
    later();
    assertEquals(11, fleet().size());
    assertEquals(1, reasons("").stream().filter("MISSING"::equals).count());
    assertEquals(1, alerts("5 of 11 identities are missing"));
    proxy.truth("ListIdentities");
    assertTrue(later());
  }

  /** Moto lists all on one page: the pages are the proxy's, and the second run has the first. */
  @Test
  void aFleetOfMoreThanAHundredIsListedPageByPageAndOnePageAloneDeletesNobody() {
    int all = 104;
    IntStream.range(0, all).mapToObj("d%d.example.org"::formatted).forEach(this::verified);
    pages(false);
    assertTrue(run());
    assertEquals(all, identities());
    pages(true);
    later();
    later();
    assertEquals(all, identities());
    assertEquals(1, reasons("").stream().filter("MISSING"::equals).count());
    pages(false);
    assertTrue(later());
    assertEquals(all, identities());
  }

  private int identities() {
    return http.get("/v1/identities?limit=1000").json().path("items").size();
  }

  private void pages(boolean onlyTheFirst) {
    int[] page = {0};
    proxy.lie(
        LIST,
        answer -> {
          List<String> names =
              Pattern.compile("<member>[^<]*</member>")
                  .matcher(answer.body())
                  .results()
                  .map(MatchResult::group)
                  .toList();
          int from = page[0] * 100;
          int to = Math.min(from + 100, names.size());
          boolean isLast = onlyTheFirst || to == names.size();
          page[0] = isLast ? 0 : page[0] + 1;
          return answer.body(
              answer
                  .body()
                  .replaceFirst(
                      "(?s)<Identities>.*</Identities>",
                      "<Identities>"
                          + String.join("", names.subList(from, to))
                          + "</Identities>"
                          + (isLast ? "" : "<NextToken>page " + page[0] + "</NextToken>")));
        });
  }
}
