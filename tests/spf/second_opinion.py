#!/usr/bin/env python3
"""Judges the records of tests/mailfrom/dns/tables again: SPF by pyspf, DMARC by checkdmarc, against the local cloud's DNS.

usage: second_opinion.py [--control URL] [--dns HOST:PORT]

Each row's records are published, the evaluator asks for them, and they are removed. Where a row says that the evaluator differs, it has to
differ so: the decisions of 2026-11-28 in DECISIONS.md say why. Rows that only a receiver can judge, or for which somebody cannot be asked,
are left out. Ends with 1 when a row comes out otherwise.
"""

import argparse
import json
import pathlib
import re
import sys
import urllib.parse
import urllib.request

import dns.resolver
import spf
from checkdmarc import dmarc, utils

TABLES = pathlib.Path(__file__).parent.parent / "mailfrom" / "dns" / "tables"
MAIL_FROM = "bounce.example.com"
# What amazonses.com publishes in these tables: its ends, and addresses that rows name.
OF_SES = "v=spf1 ip4:192.0.2.0/25 ip4:198.51.100.0/24 -all"
ADDRESSES = ["192.0.2.0", "192.0.2.9", "192.0.2.63", "192.0.2.64", "192.0.2.127", "198.51.100.0", "198.51.100.7", "198.51.100.255"]
MX = ["10 feedback-smtp.us-east-1.amazonses.com"]


class Dns:
    """The names that were published, for one row at a time."""

    def __init__(self, control):
        self.control = control
        self.names = []

    def call(self, method, name, body=None):
        url = f"{self.control}/local/dns/{urllib.parse.quote(name)}"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(url, data, {"Content-Type": "application/json"}, method=method)
        urllib.request.urlopen(request).close()

    def publish(self, own, others):
        names = {MAIL_FROM: own} if own else {}
        for text in texts(others):
            name, kind, *value = text.split(" ", 2)
            name = MAIL_FROM if name == "@" else name
            if not value:
                names[name] = {"fault": kind}
            elif kind == "CNAME":
                names[name] = {"CNAME": value[0]}
            else:
                names.setdefault(name, {}).setdefault(kind, []).append(value[0])
        names.setdefault("amazonses.com", {"TXT": [OF_SES]})
        for name, records in names.items():
            self.call("PUT", name, records)
        self.names = list(names)

    def clear(self):
        for name in self.names:
            self.call("DELETE", name)
        self.names = []


def rows(table):
    for number, line in enumerate((TABLES / f"{table}.txt").read_text().splitlines(), 1):
        if line.strip() and not line.startswith("#"):
            yield f"{table}.txt:{number}", [cell.strip() for cell in line.split("|")]


def texts(cell):
    escapes = {r"\t": "\t", r"\\": "\\"}
    found = [text.strip() for text in cell.split(";;")] if cell else []
    return [
        re.sub(r"\\u([0-9a-f]{4})|\\.", lambda m: chr(int(m[1], 16)) if m[1] else escapes[m[0]], text) for text in found
    ]


def by_receivers(verdict):
    """What a receiver says of mail from SES, by our verdict; None when that is not known."""
    word = verdict.split(" ")[0]
    if word in ("SYNTAX", "TOO_MANY_LOOKUPS", "DUPLICATE"):
        return "permerror"
    return {"COVERS_SES": "pass", "MISSING": "none", "NEARLY": "none", "NOT_INCLUDED": "no pass", "UNKNOWN": None}[word]


def by_pyspf():
    found = set()
    for address in ADDRESSES:
        result = spf.check2(i=address, s=f"0100abc@{MAIL_FROM}", h="a8-29.smtp-out.amazonses.com", querytime=5)[0]
        found.add(result)
    if found == {"pass"}:
        return "pass"
    for word in ("temperror", "permerror", "none"):
        if word in found:
            return word
    return "no pass"


def spf_rows(names):
    for where, row in rows("spf"):
        txt, others, verdict, _, differs = row
        expected = by_receivers(verdict)
        if expected is None or "SERVFAIL" in others:
            continue
        own = texts(txt)
        names.publish({"MX": MX, "TXT": own} if own else {"MX": MX}, others)
        yield where, differs or expected, by_pyspf()
        names.clear()


def by_checkdmarc(domain, resolver):
    # It keeps answers, of the row before too.
    utils.DNS_CACHE.clear()
    try:
        found = dmarc.check_dmarc(domain, resolver=resolver, ignore_unrelated_records=True)
    except Exception as e:
        return f"{type(e).__name__}: {e}"
    if "error" in found:
        return "none" if "does not exist" in found["error"] else "refuses both" if "Multiple" in found["error"] else found["error"]
    tags = {name: tag["value"] for name, tag in found["tags"].items()}
    inherited = found["location"] != domain
    action = tags["sp"] if inherited else tags["p"]
    return f"{found['location']} {action} {tags['aspf']} {tags['adkim']}"


def dmarc_rows(names, resolver):
    for where, row in rows("dmarc"):
        domain, _, others, policy, _, _, differs = row
        if policy == "unknown":
            continue
        names.publish({}, others)
        # The name exists, as that of an identity does.
        names.call("PUT", f"_asked.{domain}", {"TXT": ["x"]})
        yield where, differs or policy, by_checkdmarc(domain, resolver)
        names.call("DELETE", f"_asked.{domain}")
        names.clear()


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--control", default="http://127.0.0.1:8080")
    arguments.add_argument("--dns", default="127.0.0.1:8053")
    given = arguments.parse_args()
    host, port = given.dns.rsplit(":", 1)
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers = [host]
    resolver.port = int(port)
    dns.resolver.default_resolver = resolver
    names = Dns(given.control)
    judged = failed = 0
    for where, expected, actual in [*spf_rows(names), *dmarc_rows(names, resolver)]:
        judged += 1
        if expected != actual:
            failed += 1
            print(f"FAILED  {where}: expected {expected!r}, the evaluator says {actual!r}")
    print(f"{judged} rows judged again, {failed} otherwise")
    sys.exit(1 if failed or not judged else 0)


if __name__ == "__main__":
    main()
