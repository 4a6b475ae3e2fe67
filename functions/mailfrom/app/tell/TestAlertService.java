package mailfrom.app.tell;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import mailfrom.app.pace.CallResult;
import mailfrom.app.text.AlertTexts;
import mailfrom.app.text.IdentityNotice;
import mailfrom.app.text.Message;
import mailfrom.app.text.RunTexts;
import mailfrom.domain.desired.HealingState;
import mailfrom.domain.dns.MxRecord;
import mailfrom.domain.effect.Cause;
import mailfrom.domain.effect.Effect;
import mailfrom.domain.effect.EffectState;
import mailfrom.domain.effect.Phase;
import mailfrom.domain.effect.Verdict;
import mailfrom.domain.findings.DnsState;
import mailfrom.domain.findings.Finding;
import mailfrom.domain.findings.FindingCode;
import mailfrom.domain.findings.RecordToDo;
import mailfrom.domain.identity.Caller;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.incident.IncidentState;
import mailfrom.domain.incident.Notice;
import mailfrom.domain.incident.Reason;
import mailfrom.domain.incident.RunNotice;
import mailfrom.domain.incident.Severity;
import mailfrom.domain.name.DomainName;
import mailfrom.domain.name.IdentityKey;
import mailfrom.domain.name.IdentityName;
import mailfrom.domain.ses.BehaviorOnMxFailure;
import mailfrom.domain.ses.Live;
import mailfrom.domain.ses.MailFromStatus;
import mailfrom.domain.ses.SesView;

/**
 * Messages that prove the way to whoever is to be woken: as the worst ones look, about an identity
 * that nobody can own, and marked as a test in subject, text, JSON and attributes.
 */
public final class TestAlertService implements TestAlertApi {
  private static final Duration RETRY_AFTER = Duration.ofSeconds(10);

  /** Nobody owns it (RFC 2606). */
  private static final IdentityName NAME = IdentityName.of("test.example");

  private static final DomainName MAIL_FROM = DomainName.of("bounce.test.example");

  private final AlertTexts texts;
  private final String account;
  private final String region;
  private final Topics topics;

  public TestAlertService(AlertTexts texts, String region, Topics topics) {
    this.texts = texts;
    this.account = texts.account();
    this.region = region;
    this.topics = topics;
  }

  private record Draft(Topics.Name topic, Form form, Message message) {}

  @Override
  public Outcome send(Caller caller) {
    List<Sent> sent = new ArrayList<>();
    for (Draft draft : drafts(caller)) {
      switch (topics.publish(draft.topic(), draft.message())) {
        case Topics.Published.Taken(String messageId) ->
            sent.add(new Sent(draft.topic(), draft.form(), messageId));
        case Topics.Published.FormRefused(String why) -> {
          return new Outcome.NotTaken(draft.topic(), why, sent, RETRY_AFTER);
        }
        case Topics.Published.Failed(String why) -> {
          return new Outcome.NotTaken(draft.topic(), why, sent, RETRY_AFTER);
        }
      }
    }
    Map<Topics.Name, Integer> listeners = new EnumMap<>(Topics.Name.class);
    for (Topics.Name topic : Topics.Name.values()) {
      if (topics.listeners(topic) instanceof CallResult.Answered<Integer>(Integer count)) {
        listeners.put(topic, count);
      }
    }
    return new Outcome.AllSent(sent, listeners);
  }

  private List<Draft> drafts(Caller caller) {
    Instant now = caller.at();
    IdentityState state = sample(now);
    Notice notice =
        new Notice(
            id(Form.NOTICE_ABOUT_IDENTITY, caller),
            Reason.STARTED,
            Severity.CRITICAL,
            Effect.REJECTED,
            Cause.TEMPORARY_FAILURE,
            Phase.LIVE,
            now,
            null,
            state.deadline(),
            null,
            null,
            now,
            Set.of());
    RunNotice run =
        new RunNotice(
            id(Form.NOTICE_ABOUT_RUN, caller),
            Reason.BLIND_OVER,
            Severity.INFO,
            RunTexts.answersAgain(Reason.BLIND_OVER, now, now),
            now);
    return List.of(
        new Draft(
            Topics.Name.ALERTS, Form.PEOPLE, toPeople(caller, new IdentityNotice(state, notice))),
        new Draft(Topics.Name.NOTICES, Form.NOTICE_ABOUT_IDENTITY, texts.testNotice(state, notice)),
        new Draft(Topics.Name.NOTICES, Form.NOTICE_ABOUT_RUN, texts.testNotice(region, run)),
        new Draft(Topics.Name.OPERATIONS, Form.OPERATIONS, texts.testOfOperations(caller)));
  }

  private Message toPeople(Caller caller, IdentityNotice told) {
    return texts.test(
        texts.alert(region, List.of(told), List.of(), null),
        caller,
        "Nothing is wrong, and nothing is to be done. What follows is what a message looks like"
            + " when SES rejects the mail of an identity.");
  }

  private String id(Form form, Caller caller) {
    return Notice.hash("%s|%s|test|%s|%s".formatted(account, region, form, caller.at()));
  }

  private IdentityState sample(Instant now) {
    MxRecord mx = MxRecord.feedback(region);
    RecordToDo missing = RecordToDo.mx(MAIL_FROM, NAME.domain(), region);
    Finding finding =
        new Finding(
            FindingCode.MX_MISSING,
            FindingCode.MX_MISSING.severity(),
            "There is no MX record. Publish the one below.",
            mx.text(),
            null);
    return new IdentityState(
        new IdentityKey(account, region, NAME),
        0,
        new SesView(
            true,
            new Live(
                MAIL_FROM, BehaviorOnMxFailure.REJECT_MESSAGE, MailFromStatus.TEMPORARY_FAILURE),
            true,
            null,
            now,
            0,
            false),
        new EffectState(
            new Verdict(Effect.REJECTED, Cause.TEMPORARY_FAILURE),
            Phase.LIVE,
            now,
            now,
            now,
            now,
            MAIL_FROM,
            MAIL_FROM),
        null,
        DnsState.of(MAIL_FROM).with(List.of(finding), List.of(missing)),
        IncidentState.NOTHING,
        HealingState.NOTHING);
  }
}
