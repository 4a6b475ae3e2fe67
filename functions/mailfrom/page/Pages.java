package mailfrom.page;

import gg.jte.html.HtmlTemplateOutput;
import gg.jte.html.OwaspHtmlTemplateOutput;
import gg.jte.output.StringOutput;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mailfrom.app.advice.Printable;
import mailfrom.app.settings.SettingsApi.IdentityView;
import mailfrom.domain.name.IdentityKey;

/** Draws what a widget asks for: HTML without a script, from the table alone. */
final class Pages {
  /** A view is to stay below this; a shorter page of the fleet loses nothing. */
  private static final int LARGEST = 180_000;

  private static final int ROWS = 50;

  private final Sources sources;
  private final InstantSource machine;

  Pages(Sources sources, InstantSource machine) {
    this.sources = sources;
    this.machine = machine;
  }

  /**
   * Draws a view.
   *
   * @param endpoint the ARN that its actions call
   */
  String draw(WidgetCall call, String endpoint) {
    Instant now = call.time() == null ? machine.instant() : call.time();
    Parameters parameters = new Parameters(given(call), sources.account(), sources.regions());
    View named = parameters.word("view", View.class);
    View view = named == null ? View.FLEET : named;
    Drawn drawn =
        switch (view) {
          case FLEET -> fleet(parameters, endpoint, now);
          case IDENTITY -> identity(parameters, now);
          case SENDER -> sender(parameters, now);
          case BATCHES -> batches(parameters, now);
          case SILENCES -> silences(now);
          case RUNS -> runs(call, now);
        };
    List<String> problems = parameters.problems();
    Drawn shown = problems.isEmpty() ? drawn : problems(view, problems);
    return shown.html(endpoint, call.dark());
  }

  /** A view before its frame is known. */
  private record Drawn(Address address, Template template) {
    String html(String endpoint, boolean dark) {
      StringOutput text = new StringOutput();
      template.render(new OwaspHtmlTemplateOutput(text), new Frame(endpoint, dark, address));
      return Printable.of(text.toString(), '\uFFFD', "\n");
    }
  }

  private interface Template {
    void render(HtmlTemplateOutput output, Frame frame);
  }

  /** What is asked for: of a form only the fields of its own view. */
  private static Map<String, String> given(WidgetCall call) {
    Map<String, String> given = new LinkedHashMap<>(call.parameters());
    if (given.containsKey(Address.FORM)) {
      call.form()
          .forEach(
              (name, value) -> {
                if (name.startsWith("mf-")) {
                  given.put(name.substring(3), value);
                }
              });
    }
    return given;
  }

  private Drawn fleet(Parameters parameters, String endpoint, Instant now) {
    FleetModel.Filter filter = FleetModel.Filter.of(parameters);
    String cursor = parameters.text("cursor");
    if (!parameters.problems().isEmpty()) {
      return problems(View.FLEET, parameters.problems());
    }
    Address address = filter.address().with("cursor", cursor);
    for (int rows = ROWS; ; rows /= 2) {
      FleetModel model = FleetModel.of(sources, filter, cursor, rows, now);
      Drawn drawn =
          new Drawn(
              address, (output, frame) -> JtefleetGenerated.render(output, null, frame, model));
      if (rows == 1
          || drawn.html(endpoint, false).getBytes(StandardCharsets.UTF_8).length < LARGEST) {
        return drawn;
      }
    }
  }

  private Drawn identity(Parameters parameters, Instant now) {
    IdentityKey key = parameters.identity("identity");
    if (key == null) {
      return problems(
          View.IDENTITY,
          parameters.problems().isEmpty()
              ? List.of("Name an identity, and its region.")
              : parameters.problems());
    }
    String cursor = parameters.text("cursor");
    Address address =
        Address.of(View.IDENTITY).with("region", key.region()).with("identity", key.name().value());
    Optional<IdentityView> found = sources.fleet().find(key, now);
    if (found.isEmpty()) {
      return problems(
          View.IDENTITY,
          List.of(
              "No run has read %s in %s: SES has no such identity there, or it is new."
                  .formatted(key.name(), key.region())));
    }
    IdentityModel model = IdentityModel.of(sources, found.get(), cursor, address, now);
    return new Drawn(
        address.with("cursor", cursor),
        (output, frame) -> JteidentityGenerated.render(output, null, frame, model));
  }

  private Drawn sender(Parameters parameters, Instant now) {
    IdentityKey asked = parameters.identity("address");
    SenderModel model = SenderModel.of(sources, asked, parameters.region(), now);
    return new Drawn(
        Address.of(View.SENDER)
            .with("region", model.region())
            .with("address", asked == null ? null : asked.name().value()),
        (output, frame) -> JtesenderGenerated.render(output, null, frame, model));
  }

  private Drawn batches(Parameters parameters, Instant now) {
    String id = parameters.text("id");
    BatchesModel model = BatchesModel.of(sources, id, now);
    return new Drawn(
        Address.of(View.BATCHES).with("id", id),
        (output, frame) -> JtebatchesGenerated.render(output, null, frame, model));
  }

  private Drawn silences(Instant now) {
    SilencesModel model = SilencesModel.of(sources, now);
    return new Drawn(
        Address.of(View.SILENCES),
        (output, frame) -> JtesilencesGenerated.render(output, null, frame, model));
  }

  private Drawn runs(WidgetCall call, Instant now) {
    RunsModel model = RunsModel.of(sources, call.range(), now);
    return new Drawn(
        Address.of(View.RUNS),
        (output, frame) -> JterunsGenerated.render(output, null, frame, model));
  }

  private static Drawn problems(View view, List<String> problems) {
    return new Drawn(
        Address.of(view == View.IDENTITY ? View.FLEET : view),
        (output, frame) -> JteproblemsGenerated.render(output, null, frame, problems, null));
  }

  /** What is shown in place of a view that failed. */
  static String failed(WidgetCall call, String endpoint, String requestId) {
    return new Drawn(
            Address.of(View.FLEET),
            (output, frame) ->
                JteproblemsGenerated.render(
                    output, null, frame, List.of("This view could not be drawn."), requestId))
        .html(endpoint, call.dark());
  }
}
