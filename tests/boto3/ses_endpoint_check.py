#!/usr/bin/env python3
"""Checks the local cloud's SES endpoint through boto3, as any other client would use it.

usage: ses_endpoint_check.py [--endpoint URL] [--control URL] [--region NAME]

Without --control the checks that need DNS records, planned faults or switches are skipped. The Region should be one
that nothing else asks, since the endpoint takes one call a second of each operation in each Region.
"""

import argparse
import json
import sys
import time
import urllib.request
import uuid

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError, ReadTimeoutError

# Each is called twice at once to see the second one throttled.
OPERATIONS = {
    "list_identities": {},
    "verify_domain_identity": {"Domain": "{domain}"},
    "verify_email_identity": {"EmailAddress": "someone@{domain}"},
    "get_identity_mail_from_domain_attributes": {"Identities": ["{domain}"]},
    "get_identity_verification_attributes": {"Identities": ["{domain}"]},
    "get_identity_notification_attributes": {"Identities": ["{domain}"]},
    "get_identity_dkim_attributes": {"Identities": ["{domain}"]},
    "set_identity_mail_from_domain": {"Identity": "{domain}"},
    "set_identity_feedback_forwarding_enabled": {"Identity": "{domain}", "ForwardingEnabled": True},
    "describe_active_receipt_rule_set": {},
    "delete_identity": {"Identity": "nobody.{domain}"},
}


class Checks:
    def __init__(self):
        self.passed = 0
        self.failed = 0
        self.skipped = 0

    def that(self, what, expected, actual):
        if expected == actual:
            self.passed += 1
            print(f"ok      {what}")
        else:
            self.failed += 1
            print(f"FAILED  {what}\n        expected {expected!r}\n        actual   {actual!r}")

    def skip(self, what):
        self.skipped += 1
        print(f"skipped {what} (needs --control)")


class PacedSes:
    """A client that keeps SES's pace: no operation sooner than a second after its last call."""

    PACE = 1.02

    def __init__(self, endpoint, region, read_timeout=60):
        self.client = boto3.client(
            "ses",
            endpoint_url=endpoint,
            region_name=region,
            aws_access_key_id="any",
            aws_secret_access_key="any",
            config=Config(retries={"total_max_attempts": 1}, read_timeout=read_timeout),
        )
        self.last = {}

    def wait(self, operation):
        due = self.last.get(operation, 0) + self.PACE
        time.sleep(max(0, due - time.monotonic()))

    def now(self, operation, **parameters):
        try:
            return getattr(self.client, operation)(**parameters)
        finally:
            self.last[operation] = time.monotonic()

    def __call__(self, operation, **parameters):
        self.wait(operation)
        return self.now(operation, **parameters)

    def error(self, operation, **parameters):
        """The HTTP status, code and message of a call that is refused, or None when it is not."""
        try:
            self(operation, **parameters)
            return None
        except ClientError as refused:
            return described(refused)


def described(refused):
    response = refused.response
    return (response["ResponseMetadata"]["HTTPStatusCode"], response["Error"]["Code"], response["Error"]["Message"])


class Control:
    """The local cloud's control calls."""

    def __init__(self, url):
        self.url = url.rstrip("/")

    def send(self, method, path, body=None):
        request = urllib.request.Request(
            self.url + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=60) as response:
            return response.status

    def dns(self, name, **records):
        self.send("PUT", "/local/dns/" + name, records)

    def no_dns(self, name):
        self.send("DELETE", "/local/dns/" + name)

    def switch(self, name, on):
        self.send("POST", "/local/switches", {name: on})

    def fault(self, operation, fault, times=1):
        self.send("POST", "/local/faults", {"service": "ses", "operation": operation, "fault": fault, "times": times})


def live(ses, identity):
    found = ses("get_identity_mail_from_domain_attributes", Identities=[identity])
    attributes = found["MailFromDomainAttributes"].get(identity)
    if attributes is None:
        return None
    return (
        attributes.get("MailFromDomain"),
        attributes.get("MailFromDomainStatus"),
        attributes.get("BehaviorOnMXFailure"),
    )


def send(ses, source):
    """The envelope sender's domain."""
    answer = ses(
        "send_email",
        Source=source,
        Destination={"ToAddresses": ["someone@example.net"]},
        Message={"Subject": {"Data": "Hello"}, "Body": {"Text": {"Data": "Hello"}}},
    )
    return answer["ResponseMetadata"]["HTTPHeaders"]["x-local-envelope-sender"]


def send_error(ses, source):
    try:
        send(ses, source)
        return None
    except ClientError as refused:
        return described(refused)[:2]


def identities(check, ses, domain):
    address = "Someone@" + domain
    token = ses("verify_domain_identity", Domain=domain).get("VerificationToken")
    check.that("VerifyDomainIdentity answers a token", True, bool(token))
    ses("verify_email_identity", EmailAddress=address)
    listed = {}
    for kind in ("Domain", "EmailAddress"):
        names, more = [], {}
        while True:
            page = ses("list_identities", IdentityType=kind, MaxItems=1000, **more)
            names += page["Identities"]
            if "NextToken" not in page:
                break
            more = {"NextToken": page["NextToken"]}
        listed[kind] = names
    check.that("ListIdentities lists the domain", True, domain in listed["Domain"])
    check.that("ListIdentities keeps the kinds apart", False, domain in listed["EmailAddress"])
    check.that("ListIdentities keeps the case of an address", True, address in listed["EmailAddress"])
    pages, more = [], {}
    while True:
        page = ses("list_identities", MaxItems=1, **more)
        pages += page["Identities"]
        if "NextToken" not in page or len(pages) == 3:
            break
        more = {"NextToken": page["NextToken"]}
    check.that("ListIdentities pages one by one without repeating", len(pages), len(set(pages)))
    found = ses("get_identity_verification_attributes", Identities=[domain, address, "nobody." + domain])
    statuses = {name: one["VerificationStatus"] for name, one in found["VerificationAttributes"].items()}
    check.that("a new identity is verified, an unknown one left out", {domain: "Success", address: "Success"}, statuses)
    forwarding = ses("get_identity_notification_attributes", Identities=[domain])["NotificationAttributes"][domain]
    check.that("feedback forwarding is on by default", True, forwarding["ForwardingEnabled"])
    ses("set_identity_feedback_forwarding_enabled", Identity=domain, ForwardingEnabled=False)
    forwarding = ses("get_identity_notification_attributes", Identities=[domain])["NotificationAttributes"][domain]
    check.that("feedback forwarding is turned off", False, forwarding["ForwardingEnabled"])
    dkim = ses("get_identity_dkim_attributes", Identities=[domain])["DkimAttributes"][domain]
    check.that("DKIM is not started", ("NotStarted", False), (dkim["DkimVerificationStatus"], dkim["DkimEnabled"]))
    ses("verify_domain_dkim", Domain=domain)
    ses("set_identity_dkim_enabled", Identity=domain, DkimEnabled=True)
    dkim = ses("get_identity_dkim_attributes", Identities=[domain])["DkimAttributes"][domain]
    check.that("DKIM signs", ("Success", True), (dkim["DkimVerificationStatus"], dkim["DkimEnabled"]))


def mail_from(check, ses, domain):
    bounce = "bounce." + domain
    check.that("nothing configured: only a behaviour", (None, None, "UseDefaultValue"), live(ses, domain))
    check.that("an unknown identity is left out", None, live(ses, "nobody." + domain))
    ses("set_identity_mail_from_domain", Identity=domain, MailFromDomain=bounce, BehaviorOnMXFailure="RejectMessage")
    check.that("a domain without its MX record is Pending", (bounce, "Pending", "RejectMessage"), live(ses, domain))
    ses("set_identity_mail_from_domain", Identity=domain, MailFromDomain="deep.er." + domain)
    check.that("another domain", ("deep.er." + domain, "Pending", "UseDefaultValue"), live(ses, domain))
    ses("set_identity_mail_from_domain", Identity="Someone@" + domain, MailFromDomain=bounce)
    check.that("an address", (bounce, "Pending", "UseDefaultValue"), live(ses, "Someone@" + domain))
    for identity in (domain, "Someone@" + domain):
        ses("set_identity_mail_from_domain", Identity=identity)
        check.that("cleared: " + identity, (None, None, "UseDefaultValue"), live(ses, identity))


def errors(check, ses, domain):
    operation = "set_identity_mail_from_domain"
    address = "Someone@" + domain
    for identity in (domain, address):
        for asked in (domain, "evil" + domain, "bounce.evil" + domain, "bounce.example.org"):
            check.that(
                f"{asked} is no subdomain of {identity}",
                (
                    400,
                    "InvalidParameterValue",
                    f"Provided MAIL-FROM domain {asked} is not subdomain of the domain of the identity {identity}.",
                ),
                ses.error(operation, Identity=identity, MailFromDomain=asked),
            )
    for identity in ("nobody." + domain, "someone@" + domain):
        check.that(
            f"{identity} is unknown",
            (400, "InvalidParameterValue", f"Identity {identity} does not exist."),
            ses.error(operation, Identity=identity, MailFromDomain="bounce.nobody." + domain),
        )
    check.that(
        "a behaviour that does not exist",
        (
            400,
            "ValidationError",
            "1 validation error detected: Value at 'behaviorOnMXFailure' failed to satisfy constraint: "
            "Member must satisfy enum value set: [RejectMessage, UseDefaultValue]",
        ),
        ses.error(operation, Identity=domain, MailFromDomain="bounce." + domain, BehaviorOnMXFailure="Bounce"),
    )
    refused = ses.error(
        "get_identity_mail_from_domain_attributes", Identities=[f"d{i}.{domain}" for i in range(101)]
    )
    check.that("101 identities in a batch", (400, "ValidationError"), refused and refused[:2])
    answer = ses("get_identity_mail_from_domain_attributes", Identities=[f"d{i}.{domain}" for i in range(100)])
    check.that("100 identities in a batch", {}, answer["MailFromDomainAttributes"])
    refused = ses.error("list_identities", MaxItems=1001)
    check.that("1001 identities a page", (400, "ValidationError"), refused and refused[:2])
    refused = ses.error("get_send_quota")
    check.that("an operation it does not know", (400, "InvalidAction"), refused and refused[:2])
    check.that("nothing was changed by what was refused", (None, None, "UseDefaultValue"), live(ses, domain))


def controlled_errors(check, ses, control, domain, endpoint, region):
    operation = "set_identity_mail_from_domain"
    unverified = "unverified-" + domain
    bounce = "bounce." + domain
    control.switch("verifyAtOnce", False)
    try:
        ses("verify_domain_identity", Domain=unverified)
    finally:
        control.switch("verifyAtOnce", True)
    asked = "bounce." + unverified
    check.that(
        "an identity that is not verified",
        (
            400,
            "InvalidParameterValue",
            f"Provided MAIL-FROM domain {asked} or its parents are not verified for identity {unverified}.",
        ),
        ses.error(operation, Identity=unverified, MailFromDomain=asked),
    )
    check.that("it cannot send", (400, "MessageRejected"), send_error(ses, "a@" + unverified))
    control.switch("clearNeedsEmptyString", True)
    try:
        refused = ses.error(operation, Identity=domain)
        check.that("left out, where an empty string is wanted", (400, "InvalidParameterValue"), refused and refused[:2])
        ses(operation, Identity=domain, MailFromDomain="")
    finally:
        control.switch("clearNeedsEmptyString", False)
    for fault, status, code in (
        ("THROTTLING", 400, "Throttling"),
        ("FAIL_BEFORE", 500, "InternalFailure"),
        ("FAIL_AFTER", 500, "InternalFailure"),
    ):
        control.fault("SetIdentityMailFromDomain", fault)
        refused = ses.error(operation, Identity=domain, MailFromDomain=bounce)
        check.that(fault + " is refused", (status, code), refused and refused[:2])
        expected = bounce if fault == "FAIL_AFTER" else None
        check.that(fault + " has its effect, or none", expected, live(ses, domain)[0])
    ses(operation, Identity=domain)
    control.fault("SetIdentityMailFromDomain", "TIMEOUT")
    impatient = PacedSes(endpoint, region, read_timeout=1)
    ses.wait(operation)
    try:
        impatient(operation, Identity=domain, MailFromDomain=bounce)
        answer = "an answer"
    except ReadTimeoutError:
        answer = "no answer"
    ses.last[operation] = time.monotonic()
    check.that("TIMEOUT does not answer", "no answer", answer)
    check.that("TIMEOUT has no effect", None, live(ses, domain)[0])


def sending(check, ses, domain, region):
    default = "amazonses.com" if region == "us-east-1" else region + ".amazonses.com"
    bounce = "bounce." + domain
    source = "Some One <a@" + domain + ">"
    check.that("nothing configured", default, send(ses, source))
    check.that("an identity nobody knows", (400, "MessageRejected"), send_error(ses, "a@evil" + domain))
    ses("set_identity_mail_from_domain", Identity=domain, MailFromDomain=bounce)
    check.that("Pending, UseDefaultValue", default, send(ses, source))
    ses("set_identity_mail_from_domain", Identity=domain, MailFromDomain=bounce, BehaviorOnMXFailure="RejectMessage")
    check.that("Pending, RejectMessage", (400, "MailFromDomainNotVerifiedException"), send_error(ses, source))
    check.that("the address identity wins", default, send(ses, "Someone@" + domain))


def controlled_sending(check, ses, control, domain, region):
    default = "amazonses.com" if region == "us-east-1" else region + ".amazonses.com"
    bounce = "bounce." + domain
    mx = f"10 feedback-smtp.{region}.amazonses.com"
    control.dns(bounce, MX=[mx], TXT=["v=spf1 include:amazonses.com ~all"])
    check.that("the MX record makes it Success", (bounce, "Success", "RejectMessage"), live(ses, domain))
    check.that("Success", bounce, send(ses, "a@" + domain))
    check.that("a subdomain sends as its parent", bounce, send(ses, "a@sub." + domain))
    check.that("the address identity still wins", default, send(ses, "Someone@" + domain))
    control.dns(bounce, MX=[mx, "20 mail.example.net"])
    check.that("a second MX record", (bounce, "TemporaryFailure", "RejectMessage"), live(ses, domain))
    check.that("TemporaryFailure, RejectMessage", (400, "MailFromDomainNotVerifiedException"), send_error(ses, "a@" + domain))
    control.no_dns(bounce)
    ses("set_identity_mail_from_domain", Identity=domain, MailFromDomain=bounce)
    check.that("no MX record", (bounce, "TemporaryFailure", "UseDefaultValue"), live(ses, domain))
    check.that("TemporaryFailure, UseDefaultValue", default, send(ses, "a@" + domain))
    control.dns(bounce, MX=[mx])
    check.that("repaired", bounce, send(ses, "a@" + domain))
    control.no_dns(bounce)


def throttling(check, ses, domain):
    for operation, template in OPERATIONS.items():
        parameters = json.loads(json.dumps(template).replace("{domain}", domain))
        ses.wait(operation)
        ses.now(operation, **parameters)
        try:
            ses.now(operation, **parameters)
            refused = None
        except ClientError as error:
            refused = described(error)
        check.that(f"two calls at once: {operation}", (400, "Throttling", "Rate exceeded"), refused)
    for operation in ("list_identities", "describe_active_receipt_rule_set"):
        ses.wait(operation)
    taken = []
    for operation in ("list_identities", "describe_active_receipt_rule_set"):
        try:
            ses.now(operation)
            taken.append(operation)
        except ClientError as error:
            taken.append(described(error))
    check.that(
        "a second later each is taken again, side by side", ["list_identities", "describe_active_receipt_rule_set"], taken
    )


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--endpoint", default="http://127.0.0.1:8025")
    arguments.add_argument("--control", help="the local cloud's API, http://127.0.0.1:8080")
    arguments.add_argument("--region", default="eu-central-1")
    given = arguments.parse_args()
    check = Checks()
    ses = PacedSes(given.endpoint, given.region)
    control = Control(given.control) if given.control else None
    # A name of its own, so that the check can run again and again.
    domain = f"check-{uuid.uuid4().hex[:8]}.example"
    identities(check, ses, domain)
    mail_from(check, ses, domain)
    errors(check, ses, domain)
    if control:
        controlled_errors(check, ses, control, domain, given.endpoint, given.region)
    else:
        check.skip("identities that are not verified, and service trouble")
    sending(check, ses, domain, given.region)
    if control:
        controlled_sending(check, ses, control, domain, given.region)
    else:
        check.skip("states that follow DNS")
    throttling(check, ses, domain)
    for identity in (domain, "Someone@" + domain, "someone@" + domain, "unverified-" + domain):
        ses("delete_identity", Identity=identity)
    check.that("what was deleted is unknown", None, live(ses, domain))
    print(f"{check.passed} passed, {check.failed} failed")
    return 1 if check.failed else 0


if __name__ == "__main__":
    sys.exit(main())
