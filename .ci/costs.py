"""What a stack costs a month, line by line, for fleets of four sizes. What can be counted is counted in the templates: metrics,
alarms, schedules, widgets, the pipe, the memory and the intervals. OPERATIONS.md has to show what this prints, and --write puts
it there.

List prices of us-east-1, USD, November 2026, without any free tier; a month has 30 days. A reading writes a slot for each call to
SES, leases, and the row of the run; it reads each row once. None of them is in the index. Figures of a run: tests/bench fleet.
Assumed: the page is looked at 20 times a day, and of each identity four notices are made a year.
"""

import json
import re
import sys
from pathlib import Path

import template_checks as checks

# Identities, and Regions that they are in, the same number in each: 100,000 of one Region take SES longer than a run may.
SIZES = {10: 1, 1_000: 1, 10_000: 1, 100_000: 10}
MONTH = 30 * 86400
PRICES = {
    "GB-second": 0.0000133334, "request": 0.20e-6, "write": 0.625e-6, "read": 0.125e-6, "stored GB": 0.25, "restorable GB": 0.20,
    "metric": 0.30, "alarm": 0.10, "metric of a query": 0.10, "queue request": 0.40e-6, "schedule": 1.00e-6, "log GB": 0.50,
    "dashboard": 3.00, "pipe": 0.40e-6, "bus": 1.00e-6, "destination": 0.20e-6, "secret": 0.40,
}
LOOKS, SECONDS_A_LOOK, ROWS_A_LOOK, NOTICES_OF_ONE = 20 * 30, 1.0, 100, 4 / 12
# The long polls of an idle queue, by Lambda as by a pipe.
POLLS = 5 * MONTH / 20
ROW_KB, PLACE_KB, LOG_BYTES_A_RUN, KEPT_RUNS_A_DAY = 1.6, 0.4, 20_000, 96
SLOT = 1.01 / 0.9  # seconds between two calls of one operation


def seconds(text):
    number, unit = re.match(r"rate\((\d+) (\w+?)s?\)", text).groups()
    return int(number) * {"minute": 60, "hour": 3600, "day": 86400}[unit]


def of_memory(template, identities):
    """The template's own is enough for 20,000 identities; for more, as OPERATIONS.md says it."""
    return template["Parameters"]["WatchMemory"]["Default"] if identities <= 20_000 else 885


def by_kind(resources):
    kinds = {}
    for name, resource in resources.items():
        kinds.setdefault(resource["Type"], {})[name] = resource["Properties"]
    return kinds


def lines(template):
    """What a stack of the default parameters costs."""
    kinds = by_kind(checks.resources_of(template))
    every = {name: seconds(p["ScheduleExpression"]) for name, p in kinds["AWS::Scheduler::Schedule"].items()}
    readings = MONTH / every["WatchFunctionRead"]
    calls = {name: MONTH / interval for name, interval in every.items()}
    alarms = kinds["AWS::CloudWatch::Alarm"]
    queries = sum("Metrics" in p for p in alarms.values())
    source = (checks.ROOT / "functions/mailfrom/watch/RunMetrics.java").read_text()
    own = len(set(re.findall(r'(?:addMetric|add)\(\s*"(\w+)"', source)))
    of_region = len(set(re.findall(r'metrics\.addMetric\("(\w+)", (?:region|count)', source)))
    detailed = kinds["AWS::ApiGatewayV2::Stage"]["ApiApiGatewayDefaultStage"]["DefaultRouteSettings"]["DetailedMetricsEnabled"]
    routes = sum(len(methods) for methods in kinds["AWS::ApiGatewayV2::Api"]["Api"]["Body"]["paths"].values())
    widgets = json.dumps([p["DashboardBody"] for p in kinds.get("AWS::CloudWatch::Dashboard", {}).values()]).count('\\"type\\":\\"custom\\"')
    page = kinds["AWS::Lambda::Function"]["PageFunction"]["MemorySize"] / 1024
    indexes = len(kinds["AWS::DynamoDB::Table"]["StateTable"].get("GlobalSecondaryIndexes", []))

    def of(size):
        regions = SIZES[size]
        batches = -(-size // regions // 100)
        took = batches * SLOT + 0.4 if batches > 1 else 1.5
        # Settings and verification of each, and forwarding of a quarter.
        writes = regions * (2.25 * batches + 5 + 6 * max(1, took / 60))
        metrics = own + (regions - 1) * of_region
        gb = of_memory(template, size) / 1024
        p = PRICES
        return {
            f"Lambda, {readings:,.0f} readings": readings * took * gb * p["GB-second"],
            "Lambda, apply runs and requests": calls["WatchFunctionApply"] * 0.15 * gb * p["GB-second"] + sum(calls.values()) * p["request"],
            "table, writes": readings * writes * p["write"],
            "table, reads": (readings * (size * ROW_KB / 4 / 2 + 10) + calls["WatchFunctionApply"] * 5) * p["read"],
            "table, stored and restorable": size * ROW_KB * 2 / 1e6 * (p["stored GB"] + p["restorable GB"]),
            f"{indexes} indexes, stored and seen by each reading": indexes * (size * PLACE_KB / 1e6 * p["stored GB"] + readings * 0.5 * p["read"]),
            f"{own} metrics, {of_region} more for each further Region": metrics * p["metric"],
            f"{routes} routes' metrics" if detailed else "routes: no metrics": routes * 4 * p["metric"] if detailed else 0,
            f"{len(alarms)} alarms, {queries} by a query": (len(alarms) - queries) * p["alarm"] + queries * p["metric of a query"],
            "queue, asked by Lambda": POLLS * p["queue request"],
            f"page, {LOOKS} looks at {widgets} widgets": LOOKS * widgets * (
                SECONDS_A_LOOK * page * p["GB-second"] + p["request"] + min(size, ROWS_A_LOOK) * ROW_KB / 4 / 2 * p["read"]),
            f"{len(every)} schedules": sum(calls.values()) * p["schedule"],
            "logs": readings * LOG_BYTES_A_RUN / 1e9 * p["log GB"],
        }

    return [of(size) for size in SIZES], of_region


def lines_beside(template, pager):
    """What costs only where it is wanted, or where an account has much already."""
    kinds, of_pager = by_kind(checks.resources_of(template, {"NoticesBus": "default"})), by_kind(pager["Resources"])
    dashboards, pipes = len(kinds.get("AWS::CloudWatch::Dashboard", {})), len(kinds.get("AWS::Pipes::Pipe", {}))
    alarms, rules = len(of_pager.get("AWS::CloudWatch::Alarm", {})), len(of_pager.get("AWS::Events::Rule", {}))
    secrets = len(set(re.findall(r"resolve:secretsmanager:\$\{(\w+)\}", json.dumps(pager, default=str))))
    p = PRICES

    def of(size):
        notices = size * NOTICES_OF_ONE
        return {
            f"{dashboards} dashboard, where the account has three": dashboards * p["dashboard"],
            f"`NoticesBus`: queue, asked by {pipes} pipe": pipes * POLLS * p["queue request"],
            "`NoticesBus`: pipe and bus": pipes * notices * (p["pipe"] + p["bus"] + 3 * p["queue request"]),
            f"`pager.yaml`: {alarms} alarm, {secrets} secret": alarms * p["alarm"] + secrets * p["secret"],
            f"`pager.yaml`: events by {rules} rules": notices * p["destination"],
        }

    return [of(size) for size in SIZES]


def table(template, pager):
    columns, of_region = lines(template)
    beside = lines_beside(template, pager)
    rows = ["| USD a month | " + " | ".join(f"{size:,} identities" + (f" in {regions} Regions" if regions > 1 else "") for size, regions in SIZES.items()) + " |", "|---" * (len(SIZES) + 1) + "|"]
    for line in columns[0]:
        rows.append(f"| {line} | " + " | ".join(f"{column[line]:.2f}" for column in columns) + " |")
    rows.append("| **all** | " + " | ".join(f"**{sum(column.values()):.2f}**" for column in columns) + " |")
    for line in beside[0]:
        rows.append(f"| beside it, {line} | " + " | ".join(f"{column[line]:.2f}" for column in beside) + " |")
    return "\n".join(rows), of_region * PRICES["metric"]


# Another alarm, index, schedule, widget, pipe or memory has to show.
DEEDS = [
    ("drop", "Resources/DeadLettersAlarm", None),
    ("set", "Resources/WatchFunction/Properties/Events/Apply/Properties/ScheduleExpression", "rate(5 minutes)"),
    ("set", "Resources/Api/Properties/DefaultRouteSettings/DetailedMetricsEnabled", True),
    ("set", "Resources/StateTable/Properties/GlobalSecondaryIndexes", [{"IndexName": "more"}, {"IndexName": "than"}, {"IndexName": "two"}]),
    ("set", "Parameters/WatchMemory/Default", 1024),
    ("set", "Resources/PageFunction/Properties/MemorySize", 3008),
    ("set", "Resources/FleetDashboard/Properties/DashboardBody", '{"widgets":[]}'),
    ("drop", "Resources/FleetDashboard", None),
    ("drop", "Resources/BusPipe", None),
]
DEEDS_OF_PAGER = [("drop", "Resources/NotTakenAlarm", None), ("drop", "Resources/CloseRule", None), ("drop", "Resources/Connection", None)]


def main():
    template, pager = checks.load(), checks.load((checks.ROOT / "pager.yaml").read_text())
    text, region = table(template, pager)
    file = checks.ROOT / "OPERATIONS.md"
    document = file.read_text()
    shown = re.compile(r"\| USD a month \|.*?\n\n", re.DOTALL)
    if "--write" in sys.argv:
        file.write_text(shown.sub(lambda _: text + "\n\n", document, count=1))
        document = file.read_text()
    print(text)
    faults = []
    if text not in document:
        faults.append("OPERATIONS.md shows other costs: .ci/costs.py --write")
    if f"Each further Region adds {region:.2f}" not in document:
        faults.append(f"OPERATIONS.md: each further Region adds {region:.2f}")
    faults += [f"costs do not see {deed} {path}" for deed, path, value in DEEDS if table(checks.planted(template, deed, path, value), pager)[0] == text]
    faults += [f"costs do not see {deed} {path} of the pager" for deed, path, value in DEEDS_OF_PAGER if table(template, checks.planted(pager, deed, path, value))[0] == text]
    for fault in faults:
        print(f"FAILED  {fault}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
