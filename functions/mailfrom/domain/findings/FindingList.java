package mailfrom.domain.findings;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import mailfrom.domain.dns.DnsView;
import mailfrom.domain.dns.DnsView.Source;
import mailfrom.domain.dns.NameServer;
import mailfrom.domain.dns.Question;
import mailfrom.domain.dns.ServerAnswer;
import org.jspecify.annotations.Nullable;

/** The findings of one look while they are collected: each with who was asked, and how to ask. */
final class FindingList {
  private static final Comparator<Finding> WORST_FIRST =
      Comparator.comparing(Finding::severity).thenComparing(Finding::code);

  private final DnsView view;
  private final NameUse use;
  private final NameServer server;
  private final List<Finding> findings = new ArrayList<>();

  FindingList(DnsView view, NameUse use) {
    this.view = view;
    this.use = use;
    this.server = asked(view.source());
  }

  List<Finding> worstFirst() {
    findings.sort(WORST_FIRST);
    return List.copyOf(findings);
  }

  String name() {
    return view.name().value();
  }

  String expectedMx() {
    return use.expectedMx().text();
  }

  private static NameServer asked(Source source) {
    return switch (source) {
      case Source.Resolver resolver -> resolver.server();
      case Source.OwnServers(List<ServerAnswer> answers) ->
          answers.stream()
              .filter(answer -> !answer.mx().couldNotAsk())
              .map(ServerAnswer::server)
              .findFirst()
              .orElse(NameServer.RESOLVER);
    };
  }

  /** Adds what may be an old answer, and says so. */
  void addCached(
      FindingCode code,
      String message,
      @Nullable String expected,
      @Nullable String actual,
      String type) {
    addCached(code, message, expected, actual, type, name());
  }

  /**
   * The same, seen at another name.
   *
   * @param at where a record of the type was asked for
   */
  void addCached(
      FindingCode code,
      String message,
      @Nullable String expected,
      @Nullable String actual,
      String type,
      String at) {
    String kept =
        view.mayBeKeptFor()
            .map(
                duration ->
                    " (The zone's own name servers could not be asked: this may be an answer that a"
                        + " resolver keeps for another %d s.)".formatted(duration.toSeconds()))
            .orElse("");
    String whose =
        actual != null && view.mayBeOfWildcard()
            ? " (Nobody could be asked whether a wildcard answers here: if one does, leave it, and"
                + " publish at the name itself.)"
            : "";
    add(code, message + kept + whose, expected, actual, server.text(), dig(server, type, at));
  }

  void add(
      FindingCode code,
      String message,
      @Nullable String expected,
      @Nullable String actual,
      String type) {
    add(code, message, expected, actual, server.text(), dig(server, type, name()));
  }

  void add(
      FindingCode code,
      String message,
      @Nullable String expected,
      @Nullable String actual,
      String type,
      List<ServerAnswer> answers) {
    List<NameServer> servers = answers.stream().map(ServerAnswer::server).distinct().toList();
    add(
        code,
        message,
        expected,
        actual,
        servers.stream().map(NameServer::text).collect(Collectors.joining("; ")),
        servers.stream().map(one -> dig(one, type, name())).collect(Collectors.joining("; ")));
  }

  /** A command for one server: {@code dig} mixes up those of several questions in one line. */
  private String dig(NameServer asked, String type, String at) {
    boolean own = view.source() instanceof Source.OwnServers && !asked.equals(NameServer.RESOLVER);
    return (own ? "dig +norecurse " : "dig ") + asked.dig(type, at);
  }

  private void add(
      FindingCode code,
      String message,
      @Nullable String expected,
      @Nullable String actual,
      String asked,
      String dig) {
    boolean opinion = use.success() && code.isAboutMx() && code.severity() == FindingSeverity.ERROR;
    findings.add(
        new Finding(
            code,
            opinion ? FindingSeverity.WARNING : code.severity(),
            message,
            expected,
            actual,
            asked,
            dig));
  }

  /** Who is asked for what lies in other zones. */
  NameServer resolver() {
    return view.source() instanceof Source.Resolver resolver
        ? resolver.server()
        : NameServer.RESOLVER;
  }

  /** The same, of a question about another name, which may lie in another zone. */
  void addElsewhere(
      FindingCode code,
      String message,
      @Nullable String expected,
      @Nullable String actual,
      Question question) {
    NameServer asked = resolver();
    String dig = "dig " + asked.dig(question.type(), question.name());
    add(code, message, expected, actual, asked.text(), dig);
  }

  /** Adds one that was asked of the resolver, whoever gave the other answers. */
  void addByResolver(Finding finding) {
    findings.add(finding);
  }
}
