"""What a stack costs a month, line by line, for fleets of four sizes. What can be counted is counted in the template: metrics,
alarms, schedules, the memory and the intervals. OPERATIONS.md has to show what this prints, and --write puts it there.

List prices of us-east-1, USD, November 2026, without any free tier; a month has 30 days. A reading writes a slot for each call to
SES, leases, and the row of the run; it reads each row once. Figures of a run: tests/bench fleet.
"""

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
}
ROW_KB, LOG_BYTES_A_RUN, KEPT_RUNS_A_DAY = 1.6, 20_000, 96
SLOT = 1.01 / 0.9  # seconds between two calls of one operation


def seconds(text):
    number, unit = re.match(r"rate\((\d+) (\w+?)s?\)", text).groups()
    return int(number) * {"minute": 60, "hour": 3600, "day": 86400}[unit]


def of_memory(identities):
    """As OPERATIONS.md, watch's memory, says it."""
    return 448 if identities <= 20_000 else 1769


def lines(template):
    resources = checks.resources_of(template)
    kinds = {}
    for name, resource in resources.items():
        kinds.setdefault(resource["Type"], {})[name] = resource["Properties"]
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
    polls = 5 * MONTH / 20
    indexes = len(kinds["AWS::DynamoDB::Table"]["StateTable"].get("GlobalSecondaryIndexes", []))

    def of(size):
        regions = SIZES[size]
        batches = -(-size // regions // 100)
        took = batches * SLOT + 0.4 if batches > 1 else 1.5
        writes = regions * (2 * batches + 5 + 6 * max(1, took / 60))
        metrics = own + (regions - 1) * of_region
        gb = of_memory(size) / 1024
        p = PRICES
        return {
            f"Lambda, {readings:,.0f} readings": readings * took * gb * p["GB-second"],
            "Lambda, apply runs and requests": calls["WatchFunctionApply"] * 0.15 * gb * p["GB-second"] + sum(calls.values()) * p["request"],
            "table, writes": readings * writes * (1 + indexes) * p["write"],
            "table, reads": (readings * (size * ROW_KB / 4 / 2 + 10) + calls["WatchFunctionApply"] * 5) * p["read"],
            "table, stored and restorable": size * ROW_KB * (2 + indexes) / 1e6 * (p["stored GB"] + p["restorable GB"]),
            f"{own} metrics, {of_region} more for each further Region": metrics * p["metric"],
            f"{routes} routes' metrics" if detailed else "routes: no metrics": routes * 4 * p["metric"] if detailed else 0,
            f"{len(alarms)} alarms, {queries} by a query": (len(alarms) - queries) * p["alarm"] + queries * p["metric of a query"],
            "queue, asked by Lambda": polls * p["queue request"],
            f"{len(every)} schedules": sum(calls.values()) * p["schedule"],
            "logs": readings * LOG_BYTES_A_RUN / 1e9 * p["log GB"],
        }

    return [of(size) for size in SIZES], of_region


def table(template):
    columns, of_region = lines(template)
    rows = ["| USD a month | " + " | ".join(f"{size:,} identities" + (f" in {regions} Regions" if regions > 1 else "") for size, regions in SIZES.items()) + " |", "|---" * (len(SIZES) + 1) + "|"]
    for line in columns[0]:
        rows.append(f"| {line} | " + " | ".join(f"{column[line]:.2f}" for column in columns) + " |")
    rows.append("| **all** | " + " | ".join(f"**{sum(column.values()):.2f}**" for column in columns) + " |")
    return "\n".join(rows), of_region * PRICES["metric"]


def main():
    template = checks.load()
    text, region = table(template)
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
    # An alarm, an index or a schedule more has to show.
    for deed, path, value in (("drop", "Resources/DeadLettersAlarm", None), ("set", "Resources/WatchFunction/Properties/Events/Apply/Properties/ScheduleExpression", "rate(5 minutes)"),
                              ("set", "Resources/Api/Properties/DefaultRouteSettings/DetailedMetricsEnabled", True),
                              ("set", "Resources/StateTable/Properties/GlobalSecondaryIndexes", [{"IndexName": "more"}])):
        if table(checks.planted(template, deed, path, value))[0] == text:
            faults.append(f"costs do not see {deed} {path}")
    for fault in faults:
        print(f"FAILED  {fault}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
