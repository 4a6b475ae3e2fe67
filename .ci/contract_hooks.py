"""Values that no schema can describe, for requests that are meant to be valid. Requests that are meant to be invalid stay as they are."""

import hashlib
import json
import re
import unicodedata
from datetime import datetime, timedelta, timezone

import schemathesis

KNOWN = ["example.com", "shop.example.com", "billing.example.org", "office@example.net", "nobody.example", "~ZXhhbXBsZS5jb20"]
ADDRESSES = ["news@example.com", "office@example.net", "anybody@shop.example.com", "nobody@nowhere.example"]
REGION = "us-east-1"


def pick(choices, value):
    """The same one for the same value."""
    return choices[hashlib.sha256(repr(value).encode()).digest()[0] % len(choices)]


@schemathesis.hook
def before_call(context, case, kwargs):
    if case.meta is None or not case.meta.generation.mode.is_positive:
        return
    path = case.path_parameters or {}
    for name in ("identity", "address"):
        if name in path:
            path[name] = pick(ADDRESSES if name == "address" else KNOWN, path[name])
    if "region" in path:
        path["region"] = REGION
    query = case.query or {}
    # Which cursors there are, the page before says.
    query.pop("cursor", None)
    # One that is watched.
    if "region" in query:
        query["region"] = [REGION] if isinstance(query["region"], list) else REGION
    # JSON has the records of each identity anyway: only for a spreadsheet is there a view of them.
    if "csv" not in str((case.headers or {}).get("Accept", "")):
        query.pop("view", None)
    case.body = printable(case.body)
    body = case.body if isinstance(case.body, dict) else {}
    for labelled in [body, *[item for item in body.get("items") or [] if isinstance(item, dict)]]:
        if isinstance(labelled.get("labels"), dict):
            labelled["labels"] = {label(name): value for name, value in labelled["labels"].items()}
    if case.path == "/v1/silences":
        silence(body)
    if case.path == "/v1/mail-from-batches":
        for item in body.get("items", []):
            item["identity"] = pick(KNOWN[:5], item.get("identity"))
            if "region" in item:
                item["region"] = REGION
        # A key stands for one request.
        order = json.dumps([body, query], sort_keys=True, default=str)
        case.headers["Idempotency-Key"] = hashlib.sha256(order.encode()).hexdigest()


def label(name):
    """A name that SNS takes for an attribute: dots stand between words, and two beginnings are its own."""
    return re.sub(r"(?i)^(aws|amazon)\.", "x", re.sub(r"\.\.+", ".", name).strip(".")) or "x"


def printable(value):
    """What Unicode has no letter for, or no reader sees, is in no text; and none is of spaces alone."""
    if isinstance(value, dict):
        return {key: printable(one) for key, one in value.items()}
    if isinstance(value, list):
        return [printable(one) for one in value]
    if isinstance(value, str):
        seen = "".join(one for one in value if unicodedata.category(one)[0] != "C" and unicodedata.category(one) not in ("Zl", "Zp"))
        return seen if seen.strip() or not value else "x"
    return value


def silence(body):
    """It ends after it begins, in 30 days at most."""
    now = datetime.now(timezone.utc)
    if "until" in body:
        body["until"] = (now + timedelta(days=2)).isoformat()
    if body.get("from") is not None:
        body["from"] = (now + timedelta(days=1)).isoformat()
    match = body.get("match")
    if isinstance(match, dict) and match.get("region") is not None:
        match["region"] = REGION
