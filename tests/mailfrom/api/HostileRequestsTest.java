package mailfrom.api;

import static mailfrom.api.TestEvents.encoded;
import static mailfrom.api.TestEvents.get;
import static mailfrom.api.TestEvents.mailFrom;
import static mailfrom.api.TestEvents.put;
import static mailfrom.api.TestEvents.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Hostile and odd requests: none is a 5xx, none gets through unless valid, each is explained. */
class HostileRequestsTest {
  private static final String OK = "{\"mailFromDomain\":\"bounce.example.com\"}";

  /** 253 characters, the most there may be. */
  private static final String LONGEST =
      "a".repeat(63) + "." + "b".repeat(63) + "." + "c".repeat(63) + "." + "d".repeat(61);

  static Stream<Arguments> valid() {
    return Stream.of(
        ok("a name in mixed case", get("ExAmPlE.CoM")),
        ok("a final dot", get("example.com.")),
        ok("an international name", get("bücher.example")),
        ok("an international name, full-width", get("ｅｘａｍｐｌｅ.com")),
        ok("an ideographic dot", get("example。com")),
        ok("253 characters", get(LONGEST)),
        ok("253 characters and a final dot", get(LONGEST + ".")),
        ok("a label of 63 characters", get("a".repeat(63) + ".com")),
        ok("a local part of 64 characters", get("a".repeat(64) + "@example.com")),
        ok("an address with plus", get("ada+news@example.com")),
        ok("an address with a slash", get("a/b@example.com")),
        ok("an address with a percent sign", get("a%b@example.com")),
        ok("an address with quotes", get("\"a b\"@example.com")),
        ok("an address with an escaped quote", get("\"a\\\"b\"@example.com")),
        ok("an address with an at sign in quotes", get("\"a@b\"@example.com")),
        ok("an address like a formula", get("=1+1@example.com")),
        ok("an address like a route", get("x/mail-from@example.com")),
        ok("an encoded name", get(encoded("Ada/b@example.com"))),
        ok("null", put("example.com", "{\"mailFromDomain\":null}")),
        ok("an emoji in a label", put("example.com", labels("\"a\":\"🎉\""))),
        ok(
            "a label of 128 emoji",
            put("example.com", labels("\"a\":\"" + "🎉".repeat(128) + "\""))),
        ok("five labels", put("example.com", labels(manyLabels(5)))),
        ok("a name that only ends like the identity", put("example.com", mail("notexample.com"))),
        ok("escapes in names of fields", put("example.com", "{\"\\u006dailFromDomain\":null}")),
        ok("white space around", put("example.com", " \n" + OK + "\t ")),
        ok("a body that a read does not need", get("example.com").body("{{{{")),
        ok("a weak ETag", put("example.com", OK).header("If-Match", "W/\"a\"")));
  }

  static Stream<Arguments> invalid() {
    return Stream.of(
        // Identities
        no("no name", get(""), 400, "MALFORMED_IDENTITY"),
        no("a space", get(" "), 400, "MALFORMED_IDENTITY"),
        no("one label", get("com"), 400, "MALFORMED_IDENTITY"),
        no("a dot", get("."), 400, "MALFORMED_IDENTITY"),
        no("parent folders", get("../../etc/passwd"), 400, "MALFORMED_IDENTITY"),
        no("254 characters", get(LONGEST + "e"), 400, "MALFORMED_IDENTITY"),
        no("a label of 64", get("a".repeat(64) + ".com"), 400, "MALFORMED_IDENTITY"),
        no("a local part of 65", get("a".repeat(65) + "@example.com"), 400, "MALFORMED_IDENTITY"),
        no("10,000 characters", get("a.".repeat(5000) + "com"), 400, "MALFORMED_IDENTITY"),
        no("an empty label", get("a..example.com"), 400, "MALFORMED_IDENTITY"),
        no("a dot in front", get(".example.com"), 400, "MALFORMED_IDENTITY"),
        no("two final dots", get("example.com.."), 400, "MALFORMED_IDENTITY"),
        no("a hyphen in front", get("-a.example.com"), 400, "MALFORMED_IDENTITY"),
        no("NUL", get("a\0.example.com"), 400, "MALFORMED_IDENTITY"),
        no("a line break", get("example.com\r\nX-Evil: 1"), 400, "MALFORMED_IDENTITY"),
        no("DEL", get("a\u007f.example.com"), 400, "MALFORMED_IDENTITY"),
        no("a zero-width joiner", get("a\u200db.example.com"), 400, "MALFORMED_IDENTITY"),
        no("sharp s", get("straße.example"), 400, "MALFORMED_IDENTITY"),
        no("right-to-left override", get("a\u202eb.example.com"), 400, "MALFORMED_IDENTITY"),
        no("half a surrogate pair", get("a\ud83d.example.com"), 400, "MALFORMED_IDENTITY"),
        no("an address of IPv4", get("192.0.2.1"), 400, "MALFORMED_IDENTITY"),
        no("an IP literal", get("ada@[192.0.2.1]"), 400, "MALFORMED_IDENTITY"),
        no("two at signs", get("a@b@example.com"), 400, "MALFORMED_IDENTITY"),
        no("nothing before at", get("@example.com"), 400, "MALFORMED_IDENTITY"),
        no("nothing after at", get("ada@"), 400, "MALFORMED_IDENTITY"),
        no("dots in a row", get("a..b@example.com"), 400, "MALFORMED_IDENTITY"),
        no("an international local part", get("ädä@example.com"), 400, "MALFORMED_IDENTITY"),
        no("a quote not closed", get("\"a@example.com"), 400, "MALFORMED_IDENTITY"),
        no("encoded twice, percent", get("ada%40example.com"), 400, "MALFORMED_IDENTITY"),
        no(
            "encoded twice, tilde",
            get(encoded(encoded("a@example.com"))),
            400,
            "MALFORMED_IDENTITY"),
        no("a display name", get("Ada <ada@example.com>"), 400, "MALFORMED_IDENTITY"),
        no("an ARN", get("arn:aws:ses:us-east-1:1:identity/a.com"), 400, "MALFORMED_IDENTITY"),
        no("a wildcard", get("*.example.com"), 400, "MALFORMED_IDENTITY"),
        no("a slash and a domain", get("a/example.com"), 400, "MALFORMED_IDENTITY"),
        no("a question", get("example.com?region=x"), 400, "MALFORMED_IDENTITY"),
        no("a bare tilde", get("~"), 400, "MALFORMED_IDENTITY"),
        no("base64 with padding", get(encoded("a@example.co") + "="), 400, "MALFORMED_IDENTITY"),
        no("base64 with loose bits", get("~YS5jb21"), 400, "MALFORMED_IDENTITY"),
        no("plain base64", get("~a+b/"), 400, "MALFORMED_IDENTITY"),
        no("base64 of no UTF-8", get("~_w"), 400, "MALFORMED_IDENTITY"),
        no("base64 of a control character", get(encoded("a\nb.com")), 400, "MALFORMED_IDENTITY"),
        // The body as a whole
        no("no body", put("example.com", "").body(null), 400, "INVALID_JSON"),
        no("an empty body", put("example.com", ""), 400, "INVALID_JSON"),
        no("white space only", put("example.com", " \n"), 400, "INVALID_JSON"),
        no("cut JSON", put("example.com", "{\"mailFromDomain\":"), 400, "INVALID_JSON"),
        no("two values", put("example.com", OK + OK), 400, "INVALID_JSON"),
        no("a final comma", put("example.com", "{\"mailFromDomain\":null,}"), 400, "INVALID_JSON"),
        no("a comment", put("example.com", OK + "// x"), 400, "INVALID_JSON"),
        no("single quotes", put("example.com", "{'mailFromDomain':null}"), 400, "INVALID_JSON"),
        no("NaN", put("example.com", "{\"mailFromDomain\":NaN}"), 400, "INVALID_JSON"),
        no("YAML", put("example.com", "mailFromDomain: null"), 400, "INVALID_JSON"),
        no("XML", put("example.com", "<mailFromDomain/>"), 400, "INVALID_JSON"),
        no("a byte order mark", put("example.com", "\ufeff" + OK), 400, "INVALID_JSON"),
        no("a raw line break in a string", put("example.com", mail("a\nb")), 400, "INVALID_JSON"),
        no("nested deep", put("example.com", "[".repeat(8000)), 400, "INVALID_JSON"),
        no("objects nested deep", put("example.com", "{\"a\":".repeat(2000)), 400, "INVALID_JSON"),
        no("an endless number", put("example.com", "9".repeat(9000)), 400, "INVALID_JSON"),
        no(
            "UTF-16",
            put("example.com", "").base64Body(OK.getBytes(StandardCharsets.UTF_16)),
            400,
            "INVALID_JSON"),
        no(
            "bytes that are no UTF-8",
            put("example.com", "").base64Body(new byte[] {'"', (byte) 0xc3, '"'}),
            400,
            "INVALID_JSON"),
        no("base64 that is none", put("example.com", "").notBase64("{}"), 400, "INVALID_JSON"),
        no("an array", put("example.com", "[" + OK + "]"), 400, "WRONG_TYPE"),
        no("a string", put("example.com", "\"bounce.example.com\""), 400, "WRONG_TYPE"),
        no("null alone", put("example.com", "null"), 400, "WRONG_TYPE"),
        no("a large number", put("example.com", "1e999999999"), 400, "WRONG_TYPE"),
        no("17 KiB", put("example.com", " ".repeat(17 * 1024)), 413, ""),
        no("17 KiB of three bytes each", put("example.com", "€".repeat(6 * 1024)), 413, ""),
        no("a megabyte for a read", get("example.com").body("x".repeat(1 << 20)), 413, ""),
        // Its fields
        no("no field", put("example.com", "{}"), 400, "REQUIRED"),
        no(
            "a field in other case",
            put("example.com", "{\"MailFromDomain\":null}"),
            400,
            "REQUIRED"),
        no("a number", put("example.com", "{\"mailFromDomain\":1}"), 400, "WRONG_TYPE"),
        no("false", put("example.com", "{\"mailFromDomain\":false}"), 400, "WRONG_TYPE"),
        no("a list of names", put("example.com", "{\"mailFromDomain\":[]}"), 400, "WRONG_TYPE"),
        no(
            "a typo",
            put("example.com", with("\"behaviour\":\"RejectMessage\"")),
            400,
            "UNKNOWN_FIELD"),
        no(
            "a field of the prototype",
            put("example.com", with("\"__proto__\":{}")),
            400,
            "UNKNOWN_FIELD"),
        no("an empty field name", put("example.com", with("\"\":1")), 400, "UNKNOWN_FIELD"),
        no("half a pair as field", put("example.com", with("\"\\ud83d\":1")), 400, "INVALID_JSON"),
        no(
            "the same field twice",
            put("example.com", with("\"mailFromDomain\":null")),
            400,
            "DUPLICATE_FIELD"),
        no(
            "the same label twice",
            put("example.com", labels("\"a\":\"1\",\"a\":\"2\"")),
            400,
            "DUPLICATE_FIELD"),
        no(
            "behaviour null",
            put("example.com", with("\"behaviorOnMxFailure\":null")),
            400,
            "WRONG_TYPE"),
        no(
            "behaviour in other case",
            put("example.com", with("\"behaviorOnMxFailure\":\"rejectmessage\"")),
            400,
            "INVALID_VALUE"),
        no(
            "an unknown activation",
            put("example.com", with("\"activation\":\"\"")),
            400,
            "INVALID_VALUE"),
        no(
            "accept of no list",
            put("example.com", with("\"accept\":\"RECEIVES_MAIL\"")),
            400,
            "WRONG_TYPE"),
        no("accept all", put("example.com", with("\"accept\":[\"*\"]")), 400, "INVALID_VALUE"),
        no(
            "accept what nobody may",
            put("example.com", with("\"accept\":[\"NOT_A_SUBDOMAIN\"]")),
            400,
            "INVALID_VALUE"),
        no("labels of no object", put("example.com", with("\"labels\":[]")), 400, "WRONG_TYPE"),
        no("six labels", put("example.com", labels(manyLabels(6))), 400, "INVALID_VALUE"),
        no("a label of null", put("example.com", labels("\"a\":null")), 400, "WRONG_TYPE"),
        no("a label of nothing", put("example.com", labels("\"a\":\"\"")), 400, "INVALID_VALUE"),
        no(
            "a label with a line break",
            put("example.com", labels("\"a\":\"b\\nc\"")),
            400,
            "INVALID_VALUE"),
        no(
            "a label with NUL",
            put("example.com", labels("\"a\":\"\\u0000\"")),
            400,
            "INVALID_VALUE"),
        no(
            "a label with half a pair",
            put("example.com", labels("\"a\":\"\\ud83d\"")),
            400,
            "INVALID_VALUE"),
        no(
            "a label of 129",
            put("example.com", labels("\"a\":\"" + "b".repeat(129) + "\"")),
            400,
            "INVALID_VALUE"),
        no(
            "a label named with a space",
            put("example.com", labels("\"a b\":\"c\"")),
            400,
            "INVALID_VALUE"),
        no(
            "a label named by AWS",
            put("example.com", labels("\"AWS.x\":\"c\"")),
            400,
            "INVALID_VALUE"),
        no(
            "a label that messages have",
            put("example.com", labels("\"severity\":\"c\"")),
            400,
            "INVALID_VALUE"),
        no(
            "a label named in 64",
            put("example.com", labels("\"" + "a".repeat(64) + "\":\"c\"")),
            400,
            "INVALID_VALUE"),
        // The wanted name: a rule
        no("an empty name", put("example.com", mail("")), 422, "MALFORMED_NAME"),
        no("a name of 254", put("example.com", mail(LONGEST + "e")), 422, "MALFORMED_NAME"),
        no(
            "a name with emoji variation",
            put("example.com", mail("a\u200d.example.com")),
            422,
            "MALFORMED_NAME"),
        no(
            "a name with a tab",
            put("example.com", mail("a\\t.example.com")),
            422,
            "MALFORMED_NAME"),
        no("an address as name", put("example.com", mail("a@example.com")), 422, "MALFORMED_NAME"),
        no(
            "a URL as name",
            put("example.com", mail("https://a.example.com")),
            422,
            "MALFORMED_NAME"),
        no("a wildcard as name", put("example.com", mail("*.example.com")), 422, "MALFORMED_NAME"),
        no("a very long name", put("example.com", mail("a".repeat(16_000))), 422, "MALFORMED_NAME"),
        no(
            "half a pair as name",
            put("example.com", mail("\\udc00.example.com")),
            422,
            "MALFORMED_NAME"),
        // Headers
        no("no content type", put("example.com", OK).noHeader("content-type"), 415, ""),
        no("an empty content type", put("example.com", OK).header("content-type", ""), 415, ""),
        no("text", put("example.com", OK).header("content-type", "text/plain"), 415, ""),
        no(
            "a form",
            put("example.com", OK).header("content-type", "application/x-www-form-urlencoded"),
            415,
            ""),
        no(
            "another JSON",
            put("example.com", OK).header("content-type", "application/ld+json"),
            415,
            ""),
        no(
            "another charset",
            put("example.com", OK).header("content-type", "application/json; charset=utf-16"),
            415,
            ""),
        no(
            "two content types",
            put("example.com", OK).header("content-type", "application/json, application/json"),
            415,
            ""),
        no("gzip", put("example.com", OK).header("content-encoding", "gzip"), 415, ""),
        no(
            "an ETag without quotes",
            put("example.com", OK).header("If-Match", "abc"),
            400,
            "INVALID_VALUE"),
        no(
            "two ETags",
            put("example.com", OK).header("If-Match", "\"a\", \"b\""),
            400,
            "INVALID_VALUE"),
        no(
            "an empty If-Match",
            put("example.com", OK).header("If-Match", ""),
            400,
            "INVALID_VALUE"),
        // The query
        no("dryRun of nothing", put("example.com", OK).query("dryRun", ""), 400, "INVALID_VALUE"),
        no(
            "dryRun twice",
            put("example.com", OK).query("dryRun", "true,false"),
            400,
            "INVALID_VALUE"),
        no(
            "dryrun in lower case",
            put("example.com", OK).query("dryrun", "true"),
            400,
            "UNKNOWN_FIELD"),
        no(
            "another Region",
            get("example.com").query("region", "us-east-2"),
            400,
            "REGION_NOT_WATCHED"),
        no("an empty Region", get("example.com").query("region", ""), 400, "REGION_NOT_WATCHED"),
        no(
            "a Region in capitals",
            get("example.com").query("region", "US-EAST-1"),
            400,
            "REGION_NOT_WATCHED"),
        no("limit 0", fleet("limit", "0"), 400, "INVALID_VALUE"),
        no("limit 1001", fleet("limit", "1001"), 400, "INVALID_VALUE"),
        no("limit of 20 digits", fleet("limit", "9".repeat(20)), 400, "INVALID_VALUE"),
        no("limit in other digits", fleet("limit", "١٠"), 400, "INVALID_VALUE"),
        no("limit -1", fleet("limit", "-1"), 400, "INVALID_VALUE"),
        no("an effect in lower case", fleet("effect", "custom"), 400, "INVALID_VALUE"),
        no("a cause of nothing", fleet("cause", ""), 400, "INVALID_VALUE"),
        no("a phase in capitals", fleet("phase", "LIVE"), 400, "INVALID_VALUE"),
        no("an unknown severity", fleet("severity", "fatal"), 400, "INVALID_VALUE"),
        no("managed of 1", fleet("managed", "1"), 400, "INVALID_VALUE"),
        no("a cursor of somebody", fleet("cursor", "abc"), 400, "INVALID_VALUE"),
        no("a cursor with other characters", fleet("cursor", "{}\n"), 400, "INVALID_VALUE"),
        no("a huge cursor", fleet("cursor", "a".repeat(9000)), 400, "INVALID_VALUE"),
        no("a search with control characters", fleet("q", "a\0"), 400, "INVALID_VALUE"),
        no("a huge search", fleet("q", "a".repeat(321)), 400, "INVALID_VALUE"),
        no("an unknown filter", fleet("status", "Failed"), 400, "UNKNOWN_FIELD"),
        no(
            "a parameter that is none of the summary's",
            request("GET", "/v1/summary").query("x", ""),
            400,
            "UNKNOWN_FIELD"),
        // Paths and methods
        no("no path", request("GET", ""), 404, ""),
        no("the root", request("GET", "/"), 404, ""),
        no("another version", request("GET", "/v2/identities"), 404, ""),
        no("a final slash", request("GET", "/v1/identities/"), 404, ""),
        no("two slashes", request("GET", "//v1/identities"), 404, ""),
        no("no identity at all", request("GET", "/v1/identities/mail-from"), 404, ""),
        no("a path in capitals", request("GET", "/V1/Identities"), 404, ""),
        no("a path that goes on", request("GET", mailFrom("example.com") + "/x"), 404, ""),
        no("no method", request("", "/v1/identities"), 405, ""),
        no("a method in lower case", request("get", "/v1/identities"), 405, ""),
        no("TRACE", request("TRACE", mailFrom("example.com")), 405, ""),
        no("POST to a fleet", request("POST", "/v1/identities").body(OK), 405, ""));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("valid")
  void oddButValidRequestsGetThrough(String name, TestEvents request) {
    Door door = Door.ofOneRegion();
    Door.Answer answer = door.ask(request);
    assertEquals(200, answer.status(), answer.text());
    assertEquals(1, door.calls.made.size());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("invalid")
  void whatIsInvalidReachesNothingAndIsExplained(
      String name, TestEvents request, int status, String code) {
    Door door = Door.ofOneRegion();
    Door.Answer answer = door.ask(request);
    assertEquals(status, answer.status(), answer.text());
    assertEquals(0, door.calls.made.size());
    assertFalse(answer.json().get("detail").textValue().isBlank());
    JsonNode violations = answer.json().get("violations");
    if (code.isEmpty()) {
      assertEquals(0, violations.size());
    } else {
      assertTrue(
          violations.findValuesAsText("code").contains(code), () -> "no " + code + answer.text());
    }
    for (String message : violations.findValuesAsText("message")) {
      assertTrue(message.length() < 500, "a message that repeats the request");
      assertTrue(message.endsWith("."), message);
    }
  }

  private static Arguments ok(String name, TestEvents request) {
    return Arguments.of(name, request);
  }

  private static Arguments no(String name, TestEvents request, int status, String code) {
    return Arguments.of(name, request, status, code);
  }

  private static TestEvents fleet(String parameter, String value) {
    return request("GET", "/v1/identities").query(parameter, value);
  }

  private static String mail(String name) {
    return "{\"mailFromDomain\":\"" + name + "\"}";
  }

  private static String with(String field) {
    return "{\"mailFromDomain\":\"bounce.example.com\"," + field + "}";
  }

  private static String labels(String labels) {
    return with("\"labels\":{" + labels + "}");
  }

  private static String manyLabels(int count) {
    StringBuilder labels = new StringBuilder();
    for (int i = 0; i < count; i++) {
      labels.append(i == 0 ? "" : ",").append("\"l").append(i).append("\":\"v\"");
    }
    return labels.toString();
  }
}
