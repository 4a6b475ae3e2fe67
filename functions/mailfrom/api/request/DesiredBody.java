package mailfrom.api.request;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import mailfrom.domain.desired.Activation;
import mailfrom.domain.desired.Desired;
import mailfrom.domain.desired.ViolationCode;
import mailfrom.domain.name.DomainName;
import mailfrom.domain.ses.BehaviorOnMxFailure;
import mailfrom.domain.ses.Settings;
import org.jspecify.annotations.Nullable;

/** Reads desired settings: the body of a PUT, or a part of an item of a batch. */
final class DesiredBody {
  private static final String EXAMPLE =
      "Send {\"mailFromDomain\": \"bounce.example.com\"} or {\"mailFromDomain\": null}.";

  private static final List<String> KNOWN =
      List.of("mailFromDomain", "behaviorOnMxFailure", "activation", "accept", "labels");

  private final JsonFields body;

  private DesiredBody(JsonFields body) {
    this.body = body;
  }

  /** What a whole body wants; empty with a problem. */
  static Optional<Desired> parse(String text, Problems problems) {
    return JsonBody.object(text, EXAMPLE, problems)
        .map(body -> of(body, List.of()))
        .filter(desired -> problems.isEmpty());
  }

  /**
   * Reads settings that are part of a larger body; together with any problem they mean nothing.
   *
   * @param besides fields of the object that somebody else reads
   */
  static Desired of(JsonFields body, List<String> besides) {
    return new DesiredBody(body).read(besides);
  }

  private Desired read(List<String> besides) {
    Settings settings =
        new Settings(
            domain(),
            body.oneOf(
                    "behaviorOnMxFailure", BehaviorOnMxFailure.values(), BehaviorOnMxFailure::word)
                .orElse(BehaviorOnMxFailure.USE_DEFAULT_VALUE));
    Activation activation =
        body.oneOf("activation", Activation.values(), Activation::word).orElse(Activation.STAGED);
    Desired desired = new Desired(settings, activation, accept(), Labels.of(body));
    body.unknownBut(Stream.concat(besides.stream(), KNOWN.stream()).toList());
    return desired;
  }

  private @Nullable DomainName domain() {
    body.require("mailFromDomain", "a domain name, or null for no custom MAIL FROM.");
    return body.isNull("mailFromDomain")
        ? null
        : body.value("mailFromDomain", String.class, "a string or null")
            .map(
                text ->
                    body.name(
                        "mailFromDomain", text, DomainName::parse, ViolationCode.MALFORMED_NAME))
            .orElse(null);
  }

  private Set<ViolationCode> accept() {
    Set<ViolationCode> accept = EnumSet.noneOf(ViolationCode.class);
    List<?> codes = body.value("accept", List.class, "an array of codes").orElse(List.of());
    for (int i = 0; i < codes.size(); i++) {
      String pointer = body.pointer("accept") + "/" + i;
      if (codes.get(i) instanceof String code) {
        accepted(code, pointer).ifPresent(accept::add);
      } else {
        JsonBody.wrongType(codes.get(i), pointer, "A code to accept", "a string", body.problems());
      }
    }
    return accept;
  }

  /** A rule that may be broken; empty with a problem. */
  private Optional<ViolationCode> accepted(String code, String pointer) {
    ViolationCode[] overridable =
        Arrays.stream(ViolationCode.values())
            .filter(ViolationCode::overridable)
            .toArray(ViolationCode[]::new);
    Optional<ViolationCode> known =
        Arrays.stream(ViolationCode.values()).filter(c -> c.name().equals(code)).findFirst();
    if (known.isEmpty() || !known.get().overridable()) {
      String choice = Problems.words(overridable, ViolationCode::name);
      body.problems()
          .add(
              InputCode.INVALID_VALUE,
              known.isEmpty()
                  ? "There is no rule %s. These may be accepted: %s."
                      .formatted(Problems.quoted(code), choice)
                  : "%s can never be accepted; leave it out. These may be: %s."
                      .formatted(code, choice),
              pointer);
    }
    return known.filter(ViolationCode::overridable);
  }
}
