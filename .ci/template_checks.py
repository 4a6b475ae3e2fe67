"""Checks of what CloudFormation would get: the templates after the SAM transform, with their parameters put in.

Cycles, types, names and policies are for cfn-lint and cfripper, which get the transformed template here. What they cannot
know is what was agreed: .ci/account.txt says in a line what each statement, queue, schedule and alarm is. The faults of
.ci/faults.txt are planted one by one, and the check that each names has to find it.
"""

import copy
import json
import logging
import re
import subprocess
import sys
from pathlib import Path

from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER
from samtranslator.translator.transform import transform
from samtranslator.yaml_helper import yaml_parse

# The transform warns about metrics of its own that nobody reads here.
logging.disable(logging.WARNING)

ROOT = Path(__file__).resolve().parent.parent
PSEUDO = {"AWS::AccountId": "123456789012", "AWS::Region": "us-east-1", "AWS::Partition": "aws", "AWS::URLSuffix": "amazonaws.com"}


# Two values of every parameter that differ in what they do, and whether settings' environment holds it.
VALUES = {
    "AlertEmail": ("", "ops@example.com", False),
    "WeeklyReport": ("false", "true", False),
    "Dashboard": ("true", "false", False),
    "RunbookUrl": ("", "https://wiki.example.com/mailfrom", False),
    "SlackWorkspaceId": ("T0123ABCD", "", False),
    "SlackChannelId": ("C0123ABCD", "", False),
    "TeamsTenantId": ("0a1b2c3d-0000-0000-0000-000000000000", "", False),
    "TeamsTeamId": ("0a1b2c3d-0000-0000-0000-000000000001", "", False),
    "TeamsChannelId": ("19%3aabc%40thread.tacv2", "", False),
    "NoticesBus": ("", "default", False),
    "Regions": ("", "us-east-1,eu-west-1", True),
    "IntervalMinutes": ("15", "30", False),
    "ManagedAllow": ("*", "*.example.com", False),
    "ManagedDeny": ("", "old.example.com", False),
    "HealRestart": ("true", "false", True),
    "HealRepair": ("false", "true", True),
    "PaceShare": ("0.9", "0.5", True),
    "Paused": ("false", "true", True),
    "SnapStart": ("true", "false", True),
    "WatchMemory": ("448", "1024", False),
    "LogLevel": ("INFO", "DEBUG", True),
    "LogRetentionDays": ("30", "90", False),
    "ExistingTable": ("", "restored", True),
    "KeyArn": ("", "arn:aws:kms:us-east-1:123456789012:key/0a1b2c3d-0000-0000-0000-000000000000", False),
    "PermissionsBoundaryArn": ("", "arn:aws:iam::123456789012:policy/boundary", False),
}
OF_OTHERS = {
    "forwarder": {"MainRegion": ("us-west-2", "eu-west-1"), "PermissionsBoundaryArn": VALUES["PermissionsBoundaryArn"][:2]},
    "pager": {
        "NoticesBus": ("default", "other"),
        "Receiver": ("PagerDuty", "incident.io"),
        "Endpoint": ("https://events.pagerduty.com/v2/enqueue", "https://events.eu.pagerduty.com/v2/enqueue"),
        "KeySecret": ("pager-key", "other-key"),
        "Severities": ("critical,warning", "critical"),
        "AlarmTopicArn": ("", "arn:aws:sns:us-east-1:123456789012:operations"),
        "PermissionsBoundaryArn": VALUES["PermissionsBoundaryArn"][:2],
    },
}
EVERYTHING = {name: "true" if name == "Dashboard" else pair[1] or pair[0] for name, pair in VALUES.items() if name != "ExistingTable"}

# Where SES is, of the Regions that an account has; aws.amazon.com/ses/faqs, 2026-11. In the last two there is no SnapStart.
SES_REGIONS = [
    "us-east-1", "us-east-2", "us-west-1", "us-west-2", "af-south-1", "ap-south-1", "ap-south-2", "ap-southeast-1", "ap-southeast-2",
    "ap-southeast-3", "ap-southeast-5", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ca-central-1", "ca-west-1", "eu-central-1",
    "eu-central-2", "eu-north-1", "eu-south-1", "eu-west-1", "eu-west-2", "eu-west-3", "il-central-1", "me-central-1", "me-south-1",
    "sa-east-1", "us-gov-east-1", "us-gov-west-1",
]

# Where pager.yaml has no API destinations: cfn-lint's schemas, 2026-11.
WITHOUT_DESTINATIONS = {"ap-southeast-5", "ca-west-1", "il-central-1", "us-gov-east-1", "us-gov-west-1"}

# There is no SnapStart and no Amazon Q in chat applications in GovCloud.
IN_GOVCLOUD = {"SnapStart": "false", "SlackChannelId": "", "TeamsChannelId": ""}

# Metrics that AWS makes, with the dimensions that an alarm may name them by: the services' own pages of CloudWatch metrics.
AWS_METRICS = {
    ("AWS/Lambda", "Errors"): [["FunctionName"], ["FunctionName", "Resource"]],
    ("AWS/Lambda", "Throttles"): [["FunctionName"], ["FunctionName", "Resource"]],
    ("AWS/SQS", "ApproximateNumberOfMessagesVisible"): [["QueueName"]],
    ("AWS/ApiGateway", "5xx"): [["ApiId"], ["ApiId", "Stage"]],
}

# The only physical names: they hold the stack's name.
ALLOWED_NAMES = {("ApiLogGroup", "LogGroupName"), ("FleetDashboard", "DashboardName"),
                 ("SlackChannel", "ConfigurationName"), ("TeamsChannel", "ConfigurationName")}
PHYSICAL = re.compile(r"(Alarm|Api|Bucket|Configuration|Dashboard|Group|LogGroup|ManagedPolicy|Queue|Role|Rule|Stack|Table|Topic|User)Name$|^Name$")

# What cfripper says and is right about: SES's v1 actions know no resources, and the Regions bound the star.
ACCEPTED = re.compile(r'WildcardResourceRule: .* for "ses:')


def load(text=None):
    return yaml_parse(text or (ROOT / "template.yaml").read_text())


def is_main(template):
    return "Globals" in template


def pairs_of(template):
    """Two values of each of its parameters."""
    return VALUES if is_main(template) else next(pairs for pairs in OF_OTHERS.values() if set(pairs) <= set(template["Parameters"]))


def parameters(template, changed=None):
    values = {name: str(spec.get("Default", "")) for name, spec in template["Parameters"].items()}
    values.update({name: pair[0] for name, pair in pairs_of(template).items()})
    values.update(changed or {})
    return values


class NoManagedPolicies:
    def load(self):
        return {}


def transformed(template, values):
    template = copy.deepcopy(template)
    template["Globals"]["Function"]["CodeUri"] = "s3://bucket/key"
    return json.loads(json.dumps(transform(template, dict(values), NoManagedPolicies())))


NONE = object()  # AWS::NoValue


class Resolved:
    """A transformed template with its parameters, mappings and conditions put in; GetAtt and Ref to resources stay."""

    def __init__(self, template, values, stack="one"):
        self.template = template
        lists = [name for name, spec in template["Parameters"].items() if spec["Type"] == "CommaDelimitedList"]
        self.values = {**values, **{name: values[name].split(",") for name in lists}, **PSEUDO, "AWS::StackName": stack}
        self.conditions = {name: self.condition(node) for name, node in template.get("Conditions", {}).items()}
        self.resources = {
            name: self.value({key: part for key, part in resource.items() if key != "Condition"})
            for name, resource in template["Resources"].items()
            if self.conditions.get(resource.get("Condition"), True)
        }

    def condition(self, node):
        if isinstance(node, bool):
            return node
        (key, args), = node.items()
        if key == "Condition":
            return self.condition(self.template["Conditions"][args])
        if key == "Fn::Equals":
            return self.value(args[0]) == self.value(args[1])
        if key == "Fn::Not":
            return not self.condition(args[0])
        if key == "Fn::And":
            return all(self.condition(arg) for arg in args)
        if key == "Fn::Or":
            return any(self.condition(arg) for arg in args)
        raise ValueError(f"unknown condition {key}")

    def value(self, node):
        if isinstance(node, list):
            return [item for item in map(self.value, node) if item is not NONE]
        if not isinstance(node, dict):
            return node
        if len(node) == 1:
            (key, args), = node.items()
            if key == "Ref":
                return NONE if args == "AWS::NoValue" else self.values.get(args, node)
            if key == "Fn::If":
                return self.value(args[1] if self.conditions[args[0]] else args[2])
            if key == "Fn::FindInMap":
                first, second, third = (self.value(arg) for arg in args)
                return self.template["Mappings"][first][str(second)][third]
            if key == "Fn::Join":
                parts = self.value(args[1])
                if isinstance(parts, list) and all(isinstance(part, (str, int)) for part in parts):
                    return args[0].join(map(str, parts))
                return {key: [args[0], parts]}
            if key == "Fn::Split":
                text = self.value(args[1])
                return text.split(args[0]) if isinstance(text, str) else {key: [args[0], text]}
            if key == "Fn::Sub":
                text, extra = (args, {}) if isinstance(args, str) else args
                extra = {name: self.value(part) for name, part in extra.items()}

                def put(match):
                    name = match.group(1)
                    found = extra.get(name, self.values.get(name))
                    return str(found) if isinstance(found, (str, int)) else match.group(0)

                text = re.sub(r"\$\{([^!}]+)\}", put, text)
                left = {name: part for name, part in extra.items() if "${" + name + "}" in text}
                return {key: [text, left] if left else text} if "${" in text else text
        return {key: part for key, part in ((key, self.value(part)) for key, part in node.items()) if part is not NONE}


def resources_of(template, changed=None, stack="one"):
    values = parameters(template, changed)
    return Resolved(transformed(template, values) if is_main(template) else template, values, stack).resources


# ---------------------------------------------------------------- the account in lines


def short(node):
    """A value as a reader says it: a resource by its name."""
    if isinstance(node, list):
        return ",".join(map(short, node))
    if isinstance(node, dict):
        if len(node) == 1:
            (key, part), = node.items()
            if key == "Ref":
                return str(part)
            if key == "Fn::GetAtt":
                return str(part if isinstance(part, str) else part[0] if part[1] == "Arn" else ".".join(part))
            if key == "Fn::Sub":
                return short(part)
            if key == "Fn::Join":
                return "".join(map(short, part[1]))
        return " ".join(f"{key}={short(part)}" for key, part in sorted(node.items()))
    return str(node)


def statements(name, document):
    for one in document["Statement"]:
        who = f" {short(one['Principal'])}" if "Principal" in one else ""
        where = f" on {short(one['Resource'])}" if "Resource" in one else ""
        when = f" if {short(one['Condition'])}" if "Condition" in one else ""
        yield f"{name} {one['Effect']}{who} {short(one['Action'])}{where}{when}"


def picked(name, properties, *keys):
    return f"{name} " + " ".join(f"{key}={short(properties[key])}" for key in keys if key in properties)


def lines_of(name, resource):
    kind, p = resource["Type"], resource.get("Properties", {})
    kept = "".join(f" {key}={resource[key]}" for key in ("DeletionPolicy", "UpdateReplacePolicy") if key in resource and "Version" not in kind)
    match kind:
        case "AWS::IAM::Role":
            yield from statements(f"{name} trusts", p["AssumeRolePolicyDocument"])
            for policy in p.get("Policies", []):
                yield from statements(name, policy["PolicyDocument"])
            yield picked(name, p, "ManagedPolicyArns", "PermissionsBoundary")
        case "AWS::SQS::QueuePolicy" | "AWS::SNS::TopicPolicy":
            yield from statements(f"{name} of {short(p.get('Queues') or p.get('Topics'))}", p["PolicyDocument"])
        case "AWS::SQS::Queue":
            yield picked(name, p, "SqsManagedSseEnabled", "KmsMasterKeyId", "VisibilityTimeout", "MessageRetentionPeriod", "RedrivePolicy")
        case "AWS::SNS::Topic":
            yield picked(name, p, "DisplayName", "KmsMasterKeyId")
        case "AWS::SNS::Subscription":
            yield picked(name, p, "TopicArn", "Protocol", "Endpoint")
        case "AWS::DynamoDB::Table":
            yield picked(name, p, "BillingMode", "KeySchema", "AttributeDefinitions", "GlobalSecondaryIndexes", "TimeToLiveSpecification",
                         "PointInTimeRecoverySpecification", "DeletionProtectionEnabled", "SSESpecification") + kept
        case "AWS::Logs::LogGroup":
            yield picked(name, p, "LogGroupName", "RetentionInDays", "KmsKeyId") + kept
        case "AWS::Lambda::EventSourceMapping":
            yield picked(name, p, "EventSourceArn", "FunctionName", "BatchSize", "MaximumBatchingWindowInSeconds", "ScalingConfig",
                         "FunctionResponseTypes", "Enabled", "FilterCriteria")
        case "AWS::Scheduler::Schedule":
            yield picked(name, {"State": "ENABLED", **p, **p["Target"]}, "State", "ScheduleExpression", "FlexibleTimeWindow", "Arn", "RoleArn",
                         "RetryPolicy", "DeadLetterConfig")
        case "AWS::Events::Rule":
            yield f"{name} {p.get('State', 'ENABLED')} {json.dumps(p['EventPattern'], sort_keys=True)}"
            for target in p["Targets"]:
                yield picked(f"{name} to", target, "Arn", "RoleArn", "DeadLetterConfig", "RetryPolicy")
        case "AWS::CloudWatch::Alarm":
            what = short(p["Metrics"]) if "Metrics" in p else (
                f"{p['Namespace']} {p['MetricName']} {' '.join(d['Name'] + '=' + short(d['Value']) for d in p.get('Dimensions', []))} {p['Statistic']} {p['Period']}s")
            times = f"{p.get('DatapointsToAlarm', p['EvaluationPeriods'])} of {p['EvaluationPeriods']}"
            yield (f"{name} {what} {p['ComparisonOperator']} {p['Threshold']} in {times}, missing {p['TreatMissingData']}, to "
                   f"{short(p.get('AlarmActions', 'nobody'))}, over to {short(p.get('OKActions', 'nobody'))}")
        case "AWS::Lambda::Function":
            yield picked(name, p, "Runtime", "Architectures", "Handler", "MemorySize", "Timeout", "Role", "SnapStart", "LoggingConfig",
                         "ReservedConcurrentExecutions")
            for variable, value in sorted(p["Environment"]["Variables"].items()):
                yield f"{name} {variable}={short(value)}"
        case "AWS::Lambda::EventInvokeConfig":
            yield picked(name, p, "FunctionName", "Qualifier", "MaximumRetryAttempts", "MaximumEventAgeInSeconds")
        case "AWS::Lambda::Alias":
            yield picked(name, p, "FunctionName", "Name")
        case "AWS::ApiGatewayV2::Api":
            for path, methods in p["Body"]["paths"].items():
                for method, operation in methods.items():
                    yield f"{name} {method.upper()} {path} {short(operation.get('security', 'open'))}"
        case "AWS::ApiGatewayV2::Stage":
            yield picked(name, p, "StageName", "DefaultRouteSettings")
        case "AWS::Lambda::Permission" | "AWS::Lambda::Version" | "AWS::CloudWatch::Dashboard":
            return
        case _:
            yield f"{name} is a {kind}"


def account(resources):
    return {re.sub(r"\s+", " ", line).strip() for name, resource in resources.items() for line in lines_of(name, resource)}


def is_as_agreed(template):
    """The whole account at the parameters' defaults, and what a key, a table and a bus of one's own change in it, with chat."""
    found = account(resources_of(template))
    for name in ("KeyArn", "ExistingTable", "NoticesBus"):
        found |= {f"{name}: {line}" for line in account(resources_of(template, {name: VALUES[name][1]})) - found}
    agreed = set((ROOT / ".ci/account.txt").read_text().splitlines())
    return [f"not agreed: {line}" for line in sorted(found - agreed)] + [f"missing: {line}" for line in sorted(agreed - found)]


# ---------------------------------------------------------------- the other checks: each returns a list of faults


def function_of(resources):
    """The function settings as Lambda compares it with the last published version: tags are none of it."""
    return {key: part for key, part in resources["SettingsFunction"]["Properties"].items() if key != "Tags"}


def version_of(resources):
    (name, resource), = [item for item in resources.items() if item[1]["Type"] == "AWS::Lambda::Version"]
    return name, resource["Properties"].get("Description")


def flips(template):
    """For each parameter: what its other value changes."""
    before = resources_of(template)
    for name, (_, second, *_) in pairs_of(template).items():
        after = resources_of(template, {name: second})
        changed = [logical for logical in sorted(set(before) | set(after)) if before.get(logical) != after.get(logical)]
        yield name, before, after, changed


def parameters_do_what_they_say(template):
    unknown = set(template["Parameters"]) ^ set(pairs_of(template))
    if unknown:
        return [f"two values are needed for each parameter: {sorted(unknown)}"]
    faults = []
    if resources_of(template) != resources_of(template):
        faults.append("a parameter flipped and back leaves another template")
    for name, before, after, changed in flips(template):
        if not changed:
            faults.append(f"{name} changes nothing")
        if not is_main(template):
            continue
        settings_changed = function_of(before) != function_of(after)
        if settings_changed != VALUES[name][2]:
            faults.append(f"{name} {'reaches' if settings_changed else 'does not reach'} settings")
        if settings_changed and version_of(before) == version_of(after):
            faults.append(f"{name} changes settings but not its published version: the alias would not see it")
        if not settings_changed and version_of(before) != version_of(after):
            faults.append(f"{name} makes a version that holds nothing new: CloudFormation would fail")
    if not is_main(template):
        return faults
    # Empty and the stack's own are one thing.
    if resources_of(template, {"Regions": ""}) != resources_of(template, {"Regions": PSEUDO["AWS::Region"]}):
        faults.append("Regions: empty and the stack's own differ")
    spec = template["Parameters"]["Regions"]
    whole = ",".join(SES_REGIONS)
    for regions, fits in ((whole, True), ("us-east-1,us-east-1", False), ("eu-west-1,us-east-1,eu-west-1", False), ("us-east-1,us-east-2", True),
                          ("us-east-1,", False), ("", True), ("us-east-1, eu-west-1", False)):
        if bool(re.match(spec["AllowedPattern"], regions)) != fits or len(regions) > spec["MaxLength"]:
            faults.append(f"Regions {'does not take' if fits else 'takes'} '{regions}'")
    for name in ("ManagedAllow", "ManagedDeny"):
        spec = template["Parameters"][name]
        if spec["MaxLength"] < 4096 or re.match(spec["AllowedPattern"], 'a","x":"b') or not re.match(spec["AllowedPattern"], "*.a.com,b+c_d@e.com"):
            faults.append(f"{name} does not hold 4,096 characters of patterns, or takes what is none")
    longest = {"Regions": whole, "PaceShare": "0.95", "LogLevel": "DEBUG", "ExistingTable": "t" * template["Parameters"]["ExistingTable"].get("MaxLength", 255)}
    description = version_of(resources_of(template, longest))[1]
    if not isinstance(description, str) or len(description) > 256:
        faults.append(f"a version description may be {len(str(description))} characters long, 256 are allowed")
    return faults


def versions_follow_the_function(template):
    """Both ways: each property of the function makes a new version, and a tag makes none."""
    faults, before = [], resources_of(template)
    function = template["Resources"]["SettingsFunction"]["Properties"]
    changes = {"Timeout": 27, "MemorySize": 2048, "Handler": "a.B::c", "Description": "other", "EphemeralStorage": {"Size": 1024},
               "Architectures": ["x86_64"], "Tracing": "Active", "Runtime": "java21", "CodeUri": "s3://bucket/other"}
    for key, value in changes.items():
        other = copy.deepcopy(template)
        (other["Globals"]["Function"] if key in ("Runtime", "Architectures") else other["Resources"]["SettingsFunction"]["Properties"])[key] = value
        if version_of(resources_of(other)) == version_of(before):
            faults.append(f"another {key} of settings makes no new version")
    if function.get("Tags") or template["Globals"]["Function"].get("Tags"):
        faults.append("a tag of settings makes a version that holds nothing new: CloudFormation would fail")
    other = copy.deepcopy(template)
    other["Resources"]["WatchFunction"]["Properties"]["Tags"]["More"] = "tag"
    if version_of(resources_of(other)) != version_of(before):
        faults.append("a tag of watch makes a new version of settings")
    return faults


def alarms_can_ring(template):
    faults = []
    for name, resource in resources_of(template, EVERYTHING).items():
        p = resource.get("Properties", {})
        if resource["Type"] != "AWS::CloudWatch::Alarm" or "Metrics" in p:
            continue
        names = [dimension["Name"] for dimension in p.get("Dimensions", [])]
        if p["Namespace"].startswith("AWS/") and names not in AWS_METRICS.get((p["Namespace"], p["MetricName"]), []):
            faults.append(f"{name}: AWS makes no metric {p['Namespace']} {p['MetricName']} by {names}")
        if "SettingsFunction" in short(p.get("Dimensions", [])) and "Resource" not in names:
            faults.append(f"{name} does not watch the alias")
        if p["Period"] * p["EvaluationPeriods"] > 86400 or p["Period"] % 60:
            faults.append(f"{name} looks over {p['Period'] * p['EvaluationPeriods']} s: CloudWatch does not")
    return faults


def two_stacks_live_side_by_side(template):
    faults = []
    one, two = (resources_of(template, stack=stack) for stack in ("stack-one", "stack-two"))
    for name, resource in one.items():
        for key in resource.get("Properties", {}):
            physical = PHYSICAL.search(key) and "Lambda" not in resource["Type"] and (name, key) not in ALLOWED_NAMES
            if physical and resource["Type"] != "AWS::ApiGatewayV2::Stage":
                faults.append(f"{name} ({resource['Type']}) has a physical name: {key}")
        same_name = any(of == name and resource["Properties"][key] == two[name]["Properties"][key] for of, key in ALLOWED_NAMES)
        if same_name or resource["Type"] == "AWS::CloudWatch::Alarm" and "SesMailFrom" in json.dumps(resource) and resource == two.get(name):
            faults.append(f"{name} is the same in two stacks")
    if set(one) != set(two):
        faults.append("logical ids differ between two stacks")
    return faults


# What fails late in a first deployment, why as a rule, and where the reason stands.
WALKS = {
    "SettingsFunctionVersion": ("settings does not start when its snapshot is made", "the log of settings"),
    "ApiApiGatewayDefaultStage": ("whoever deploys may not `logs:CreateLogDelivery`", "the events of the stack"),
    "WatchFunctionChanges": ("a boundary keeps watch from its queue", "the events of the stack"),
    "SlackChannel": ("nobody authorised the workspace", "the events of the stack"),
}


def named_in(node):
    """The resources that a value waits for."""
    if isinstance(node, list):
        return set().union(*map(named_in, node))
    if not isinstance(node, dict):
        return set()
    found = set()
    for key, part in node.items():
        if key == "Ref":
            found.add(part)
        elif key == "Fn::GetAtt":
            found.add(part.split(".")[0] if isinstance(part, str) else part[0])
        elif key == "DependsOn":
            found |= set([part] if isinstance(part, str) else part)
        else:
            text = part if isinstance(part, str) else part[0] if isinstance(part, list) and part else ""
            if key == "Fn::Sub":
                found |= {place.split(".")[0] for place in re.findall(r"\$\{([^!}]+)\}", text)}
            found |= named_in(part)
    return found


def waits_for(resources, name):
    """All that is made before a resource."""
    before, next_ones = set(), {name}
    while next_ones:
        one = next_ones.pop()
        new = (named_in(resources[one]) & set(resources)) - before - {one}
        before |= new
        next_ones |= new
    return before


def left_behind(resources, failing):
    """What is left when a resource fails in a first deployment. CloudFormation makes side by side what does not wait for each
    other: all that does not wait for the one that fails may be there. It takes back what has no DeletionPolicy Retain;
    a version goes with its function."""
    return [name for name, resource in sorted(resources.items()) if resource.get("DeletionPolicy") == "Retain"
            and resource["Type"] != "AWS::Lambda::Version" and name != failing and failing not in waits_for(resources, name)]


def failing_in(resources):
    """Of each walk the resource that fails; SAM gives a version a name with a number."""
    return {walk: next((name for name in resources if re.fullmatch(walk + r"([0-9a-f]{10})?", name)), None) for walk in WALKS}


def walks_of(template):
    """The table of OPERATIONS.md."""
    resources = resources_of(template)
    rows = ["| fails late | because, as a rule | is left | the reason is in |", "|---|---|---|---|"]
    for walk, failing in failing_in(resources).items():
        why, where = WALKS[walk]
        rows.append(f"| `{walk}` | {why} | {', '.join(f'`{name}`' for name in left_behind(resources, failing))} | {where} |")
    return "\n".join(rows)


def a_first_deployment_may_fail(template):
    """Whatever fails: what CloudFormation keeps then costs nothing, stands in the way of no second try, and holds the reason."""
    faults, resources = [], resources_of(template)
    for failing in resources:
        for name in left_behind(resources, failing):
            p, kind = resources[name]["Properties"], resources[name]["Type"]
            if any(PHYSICAL.search(key) for key in p):
                faults.append(f"{name} is kept under its name: a second deployment would fail")
            if kind == "AWS::DynamoDB::Table" and p["BillingMode"] != "PAY_PER_REQUEST" or kind == "AWS::Logs::LogGroup" and "RetentionInDays" not in p:
                faults.append(f"{name} is kept and costs")
            if kind not in ("AWS::DynamoDB::Table", "AWS::Logs::LogGroup"):
                faults.append(f"{name} is kept, and OPERATIONS.md says nothing of a {kind}")
    for walk, failing in failing_in(resources).items():
        if failing is None:
            faults.append(f"{walk} is no resource: which one fails late in its place?")
        elif WALKS[walk][1] == "the log of settings" and not named_in(resources["SettingsFunction"]["Properties"].get("LoggingConfig", {})) & set(left_behind(resources, failing)):
            faults.append(f"the log with the reason why {walk} failed is not there, or not kept")
    for name in ("SettingsLogGroup", "WatchLogGroup"):
        if resources[name].get("DeletionPolicy") != "Retain":
            faults.append(f"{name} goes with a deployment that failed, and the reason with it")
    for name, resource in resources.items():
        if resource.get("Properties", {}).get("DeletionProtectionEnabled") and resource.get("DeletionPolicy") != "Retain":
            faults.append(f"{name} cannot be deleted, and would hold up a rollback")
    if not faults and walks_of(template) not in (ROOT / "OPERATIONS.md").read_text():
        faults.append("OPERATIONS.md shows another table of what a first deployment that fails leaves; this check prints the right one")
    return sorted(set(faults))


def takes_tags(kind):
    # The transform makes the mapping of an event of the function, and hands no tags on.
    return kind != "AWS::Lambda::EventSourceMapping" and "Tags" in PROVIDER_SCHEMA_MANAGER.get_resource_schema(PSEUDO["AWS::Region"], kind).schema["properties"]


def all_is_tagged(template):
    """What can be found by the tag of the application: all that CloudFormation can tag. Settings has the stack's own tag."""
    faults = []
    for name, resource in (resources_of(template, EVERYTHING) if is_main(template) else template["Resources"]).items():
        tags = resource["Properties"].get("Tags", [])
        tags = tags if isinstance(tags, dict) else {tag["Key"]: tag["Value"] for tag in tags}
        if resource["Type"] == "AWS::ApiGatewayV2::Api":
            tags = {tag["name"]: tag.get("x-amazon-apigateway-tag-value") for tag in resource["Properties"]["Body"].get("tags", [])}
        if name != "SettingsFunction" and takes_tags(resource["Type"]) and tags.get("Application") != "ses-mail-from":
            faults.append(f"{name} ({resource['Type']}) is not tagged")
    if 'Application=\\"ses-mail-from\\"' not in (ROOT / "samconfig.toml").read_text():
        faults.append("samconfig.toml does not tag the stack")
    return faults


def roles_keep_to_the_boundary(template):
    boundary = VALUES["PermissionsBoundaryArn"][1]
    return [f"{name} ignores the permissions boundary" for name, resource in resources_of(template, EVERYTHING).items()
            if resource["Type"] == "AWS::IAM::Role" and resource["Properties"].get("PermissionsBoundary") != boundary]


def events_fit(template):
    """There is a sample event for every route, and none for a route that does not exist."""
    resources = resources_of(template)
    routes = {f"{method.upper()} {path}" for path, methods in resources["Api"]["Properties"]["Body"]["paths"].items() for method in methods}
    samples = {file.name: json.loads(file.read_text()) for file in sorted((ROOT / "events").glob("*.json"))}
    shown = {sample["routeKey"] for sample in samples.values() if "routeKey" in sample}
    faults = [f"no sample event for {route}" for route in sorted(routes - shown)]
    faults += [f"a sample event for {route}, which is no route" for route in sorted(shown - routes)]
    for schedule, sample in (("WatchFunctionRead", "read"), ("WatchFunctionApply", "apply"), ("SettingsFunctionKeepWarm", "keep-warm")):
        if shape(json.loads(resources[schedule]["Properties"]["Target"]["Input"])) != shape(samples[f"schedule-{sample}.json"]):
            faults.append(f"the sample of {schedule} differs from what the template sends")
    return faults


def shape(node):
    return {key: shape(part) for key, part in sorted(node.items())} if isinstance(node, dict) else type(node).__name__


def said_by(tool, whole, *options):
    """The lines of a tool about a template."""
    file = ROOT / "target" / "ci" / "transformed.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(whole, indent=1, default=str))
    run = subprocess.run([str(Path(sys.executable).parent / tool), *options, str(file)], capture_output=True, text=True, timeout=240)
    return run.stdout.splitlines()


def linted(template):
    """What CloudFormation gets, with every option and with none, and the Regions that it is for."""
    if is_main(template):
        for changed, regions in (({}, SES_REGIONS[:-2]), (IN_GOVCLOUD, SES_REGIONS[-2:]), (EVERYTHING, SES_REGIONS[:1])):
            yield {"AWSTemplateFormatVersion": "2010-09-09", "Resources": resources_of(template, changed)}, regions
    else:
        kinds = {resource["Type"] for resource in template["Resources"].values()}
        without = WITHOUT_DESTINATIONS if "AWS::Events::ApiDestination" in kinds else set()
        yield template, [region for region in SES_REGIONS if region not in without]


def tools_find_nothing(template):
    """cfn-lint, in each Region of SES, and cfripper."""
    faults = []
    for whole, regions in linted(template):
        faults += [f"cfn-lint {line}" for line in said_by("cfn-lint", whole, "--format", "parseable", "--regions", *regions, "--template")
                   # SAM names its own API so in the body.
                   if re.search(r":[EW]\d{4}:", line) and "__ApiId__" not in line and (":E" in line or not is_main(template))]
        faults += [f"cfripper {line.strip()}" for line in said_by("cfripper", whole, "--format", "txt", "--aws-account-id", PSEUDO["AWS::AccountId"])
                   if re.match(r"\s+- \w+: ", line) and not ACCEPTED.search(line)]
    return sorted(set(faults))


CHECKS = [is_as_agreed, parameters_do_what_they_say, versions_follow_the_function, alarms_can_ring, two_stacks_live_side_by_side,
          a_first_deployment_may_fail, all_is_tagged, roles_keep_to_the_boundary, events_fit, tools_find_nothing]
OF_OTHER_STACKS = [tools_find_nothing, all_is_tagged, parameters_do_what_they_say]


# ---------------------------------------------------------------- planted faults: each must be found by the check that it names


def planted(template, deed, path, value):
    """A template with one fault: a place set, or taken away. A number in the path is a place of a list."""
    other = copy.deepcopy(template)
    *way, last = [int(part) if part.isdigit() else part for part in path.split("/")]
    node = other
    for part in way:
        node = node[part] if isinstance(node, list) else node.setdefault(part, {})
    if deed == "drop":
        del node[last]
    elif deed == "add":
        node[last].append(value)
    else:
        node[last] = value
    return other


def faults_to_plant():
    for line in (ROOT / ".ci/faults.txt").read_text().splitlines():
        if line and not line.startswith("#"):
            check, deed, path, value, words = (part.strip() for part in line.split("|"))
            yield check, deed, path, yaml_parse("value: " + value)["value"] if value else None, words


def main():
    failed = []

    def tell(good, what, faults=()):
        if not good:
            failed.append(what)
        print(f"{'ok' if good else 'FAILED'}  {what}" + "".join(f"\n        {fault}" for fault in faults), flush=True)

    template = load()
    others = {name: load((ROOT / f"{name}.yaml").read_text()) for name in OF_OTHERS}
    for check in CHECKS:
        faults = check(template)
        tell(not faults, check.__name__.replace("_", " "), faults)
    for name, other in others.items():
        for check in OF_OTHER_STACKS:
            faults = check(other)
            tell(not faults, f"{name}: {check.__name__.replace('_', ' ')}", faults)
    print("\nWhat the other value of each parameter changes; v: settings' version")
    for stack, of in (("", template), *((f"{name}: ", other) for name, other in others.items())):
        for name, before, after, changed in flips(of):
            first, second, *_ = pairs_of(of)[name]
            versions = is_main(of) and version_of(before) != version_of(after)
            print(f"  {stack}{name} {first or 'empty'} > {second or 'empty'}: {'v, ' if versions else ''}"
                  + ", ".join(logical for logical in changed if "Version" not in logical))
    print("\nA first deployment that fails\n" + walks_of(template))
    print("\nPlanted faults")
    count = 0
    for count, (check, deed, path, value, words) in enumerate(faults_to_plant(), 1):
        *stack, check = check.split(":")
        faults = globals()[check](planted(others[stack[0]] if stack else template, deed, path, value))
        found = any(words in fault for fault in faults)
        tell(found, f"{check} finds {deed} {path}: {next((f for f in faults if words in f), '')[:110]}", [] if found else faults[:3] or ["found nothing"])
    print(f"{count} faults planted; {len(failed)} failed")
    return 1 if failed or count < 60 else 0


if __name__ == "__main__":
    sys.exit(main())
