package mailfrom.api;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import mailfrom.app.settings.SettingsApi;
import mailfrom.app.settings.Telling;
import mailfrom.app.store.RegionState;
import mailfrom.domain.desired.Activation;
import mailfrom.domain.desired.Desired;
import mailfrom.domain.desired.DesiredState;
import mailfrom.domain.desired.Drift;
import mailfrom.domain.desired.HealingState;
import mailfrom.domain.desired.Plan;
import mailfrom.domain.desired.PlanAction;
import mailfrom.domain.desired.Progress;
import mailfrom.domain.desired.ViolationCode;
import mailfrom.domain.effect.Cause;
import mailfrom.domain.effect.Effect;
import mailfrom.domain.effect.EffectState;
import mailfrom.domain.effect.Phase;
import mailfrom.domain.effect.Verdict;
import mailfrom.domain.findings.DnsState;
import mailfrom.domain.findings.Finding;
import mailfrom.domain.findings.FindingCode;
import mailfrom.domain.findings.RecordToDo;
import mailfrom.domain.findings.RecordType;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.incident.Decision;
import mailfrom.domain.incident.Incident;
import mailfrom.domain.incident.IncidentState;
import mailfrom.domain.incident.Reason;
import mailfrom.domain.incident.Severity;
import mailfrom.domain.incident.Trouble;
import mailfrom.domain.incident.TroubleKind;
import mailfrom.domain.name.DomainName;
import mailfrom.domain.name.IdentityKey;
import mailfrom.domain.name.IdentityName;
import mailfrom.domain.ses.BehaviorOnMxFailure;
import mailfrom.domain.ses.Live;
import mailfrom.domain.ses.MailFromStatus;
import mailfrom.domain.ses.SesView;
import mailfrom.domain.ses.Settings;

/** Identities as the use case would show them. */
final class Samples {
  static final String ACCOUNT = "123456789012";
  static final DomainName BOUNCE = DomainName.of("bounce.example.com");
  private static final Instant BROKE = Instant.parse("2026-11-23T10:00:00Z");
  private static final Instant READ = Instant.parse("2026-11-23T10:15:00Z");

  private Samples() {}

  static IdentityKey key(String name) {
    return new IdentityKey(ACCOUNT, "us-east-1", IdentityName.of(name));
  }

  /** The example of the contract: asked for, applied, and its MX lost. */
  static SettingsApi.IdentityView fallback() {
    Settings settings = new Settings(BOUNCE, BehaviorOnMxFailure.USE_DEFAULT_VALUE);
    Desired desired =
        new Desired(settings, Activation.STAGED, Set.of(), Map.of("customer", "4711"));
    Trouble trouble = new Trouble(TroubleKind.FALLBACK, Cause.TEMPORARY_FAILURE, Severity.WARNING);
    return view(
        new IdentityState(
            key("example.com"),
            7,
            new SesView(
                true,
                new Live(
                    BOUNCE,
                    BehaviorOnMxFailure.USE_DEFAULT_VALUE,
                    MailFromStatus.TEMPORARY_FAILURE),
                true,
                true,
                READ,
                0,
                false),
            new EffectState(
                new Verdict(Effect.FALLBACK, Cause.TEMPORARY_FAILURE),
                Phase.LIVE,
                BROKE,
                BROKE.minusSeconds(900),
                BROKE,
                BROKE.minusSeconds(900),
                BOUNCE,
                BOUNCE),
            new DesiredState(
                desired,
                1,
                1,
                true,
                new Progress(
                    Progress.State.APPLIED, TestEvents.CALLER, BROKE, 1, null, false, null),
                null,
                List.of()),
            DnsState.of(BOUNCE)
                .with(
                    List.of(
                        new Finding(
                            FindingCode.MX_MISSING,
                            FindingCode.MX_MISSING.severity(),
                            "There is no MX record. Publish it.",
                            "10 feedback-smtp.us-east-1.amazonses.com",
                            null)),
                    List.of(
                        new RecordToDo(
                            BOUNCE,
                            RecordType.MX,
                            DomainName.of("example.com"),
                            10,
                            "feedback-smtp.us-east-1.amazonses.com",
                            300,
                            RecordToDo.State.ADD),
                        new RecordToDo(
                            BOUNCE,
                            RecordType.TXT,
                            DomainName.of("example.com"),
                            null,
                            "v=spf1 include:amazonses.com ~all",
                            300,
                            RecordToDo.State.PRESENT))),
            new IncidentState(
                new Incident(
                    "i1",
                    BROKE,
                    trouble,
                    trouble,
                    null,
                    List.of(Reason.STARTED),
                    BROKE,
                    BROKE,
                    null),
                List.of(BROKE),
                false,
                null,
                null,
                Decision.Quiet.ALREADY_TOLD,
                new IncidentState.LastTold(Reason.STARTED, BROKE),
                List.of(),
                List.of()),
            HealingState.NOTHING),
        new Plan.Nothing(Plan.Why.ALREADY_SO));
  }

  /** Somebody else set another domain, which lacks its records: the newest look was at that one. */
  static SettingsApi.IdentityView drifted() {
    SettingsApi.IdentityView view = fallback();
    return drifted(view.state());
  }

  /** The same where nothing is wanted. */
  static SettingsApi.IdentityView driftedFromNothing() {
    Desired nothing =
        new Desired(
            new Settings(null, BehaviorOnMxFailure.USE_DEFAULT_VALUE),
            Activation.STAGED,
            Set.of(),
            Map.of());
    return drifted(fallback().state().ifAsked(asked -> asked.annotated(nothing)));
  }

  private static SettingsApi.IdentityView drifted(IdentityState state) {
    DomainName foreign = DomainName.of("mailer.example.com");
    Live live =
        new Live(foreign, BehaviorOnMxFailure.USE_DEFAULT_VALUE, MailFromStatus.TEMPORARY_FAILURE);
    return view(
        state
            .withSesView(state.sesView().with(live, READ))
            .withDns(
                DnsState.of(foreign)
                    .with(
                        state.dnsState().findings(),
                        List.of(RecordToDo.mx(foreign, null, "us-east-1"))))
            .ifAsked(asked -> asked.drifted(new Drift(live.settings(), READ, null, null))),
        new Plan.Nothing(Plan.Why.DRIFT_LEFT_ALONE));
  }

  /** Verified, without a MAIL FROM domain, and nobody asked for one. */
  static SettingsApi.IdentityView neverAsked(IdentityKey key) {
    return view(
        new IdentityState(
            key,
            1,
            new SesView(true, Live.NONE, null, null, READ, 0, false),
            new EffectState(
                new Verdict(Effect.DEFAULT, null), null, BROKE, null, null, null, null, null),
            null,
            DnsState.NOTHING,
            IncidentState.NOTHING,
            HealingState.NOTHING),
        new Plan.Nothing(Plan.Why.NEVER_ASKED));
  }

  /** Settings are recorded, and SES could not be read yet. */
  static SettingsApi.IdentityView queuedUnread() {
    Settings settings = new Settings(BOUNCE, BehaviorOnMxFailure.REJECT_MESSAGE);
    Desired desired =
        new Desired(settings, Activation.IMMEDIATE, Set.of(ViolationCode.RECEIVES_MAIL), Map.of());
    IdentityState state =
        IdentityState.unseen(key("example.com"))
            .withDesired(DesiredState.asked(null, desired, TestEvents.CALLER, TestEvents.NOW))
            .withProgress(Progress::withPromise);
    return view(state, new Plan.Call(PlanAction.APPLY, settings, Plan.Why.NEWER_THAN_APPLIED));
  }

  static SettingsApi.IdentityView view(IdentityState state, Plan plan) {
    return new SettingsApi.IdentityView(
        state,
        state.sesView().asOf(),
        plan,
        null,
        List.of(),
        Telling.of(state, RegionState.unseen("us-east-1"), List.of()));
  }
}
