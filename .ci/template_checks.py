"""Checks of what CloudFormation would get: the templates after the SAM transform.

Lint sees neither a cycle that the transform closes nor a parameter whose new value changes nothing. Each check here is
proven in the same run: a fault is planted, and the check has to find that one.
"""

import copy
import itertools
import json
import logging
import re
import sys
from pathlib import Path

from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER
from samtranslator.translator.transform import transform
from samtranslator.yaml_helper import yaml_parse

# The transform warns about metrics of its own that nobody reads here.
logging.disable(logging.WARNING)

ROOT = Path(__file__).resolve().parent.parent
PSEUDO = {"AWS::AccountId": "123456789012", "AWS::Region": "us-east-1", "AWS::Partition": "aws", "AWS::URLSuffix": "amazonaws.com"}

# Two values of every parameter that differ in what they do.
VALUES = {
    "AlertEmail": ("", "ops@example.com"),
    "WeeklyReport": ("false", "true"),
    "Dashboard": ("false", "true"),
    "SlackWorkspaceId": ("T0123ABCD", ""),
    "SlackChannelId": ("C0123ABCD", ""),
    "TeamsTenantId": ("0a1b2c3d-0000-0000-0000-000000000000", ""),
    "TeamsTeamId": ("0a1b2c3d-0000-0000-0000-000000000001", ""),
    "TeamsChannelId": ("19%3aabc%40thread.tacv2", ""),
    "NoticesBus": ("", "default"),
    "Regions": ("us-east-1", "us-east-1,eu-west-1"),
    "IntervalMinutes": ("15", "30"),
    "ManagedAllow": ("*", "*.example.com"),
    "ManagedDeny": ("", "old.example.com"),
    "HealRestart": ("true", "false"),
    "HealRepair": ("false", "true"),
    "PaceShare": ("0.9", "0.5"),
    "Paused": ("false", "true"),
    "SnapStart": ("true", "false"),
    "LogLevel": ("INFO", "DEBUG"),
    "LogRetentionDays": ("30", "90"),
    "TopicKeyArn": ("", "arn:aws:kms:us-east-1:123456789012:key/0a1b2c3d-0000-0000-0000-000000000000"),
    "PermissionsBoundaryArn": ("", "arn:aws:iam::123456789012:policy/boundary"),
}

# Parameters that settings' environment does not hold: their new value needs no new version.
NOT_IN_THE_VERSION = {"AlertEmail", "SlackWorkspaceId", "SlackChannelId", "TeamsTenantId", "TeamsTeamId", "TeamsChannelId", "NoticesBus", "IntervalMinutes", "WeeklyReport", "Dashboard", "LogRetentionDays", "TopicKeyArn", "PermissionsBoundaryArn"}

# Properties that name a thing in the account. A name that only counts inside its parent is no such name.
PHYSICAL = {
    "AlarmName", "ApiName", "BucketName", "DashboardName", "FunctionName", "GroupName", "LogGroupName", "ManagedPolicyName",
    "QueueName", "RoleName", "RuleName", "StackName", "TableName", "TopicName", "UserName",
}
NAMED_BY_NAME = {
    "AWS::ApiGatewayV2::Api", "AWS::Events::Rule", "AWS::Events::EventBus", "AWS::Scheduler::Schedule",
    "AWS::Scheduler::ScheduleGroup", "AWS::SSM::Parameter",
}
# The type's property refers to another resource and names nothing.
REFERS = {
    ("AWS::Lambda::Version", "FunctionName"), ("AWS::Lambda::Alias", "FunctionName"), ("AWS::Lambda::Permission", "FunctionName"),
    ("AWS::Lambda::EventInvokeConfig", "FunctionName"), ("AWS::Lambda::EventSourceMapping", "FunctionName"),
}
ALLOWED_NAMES = {("ApiLogGroup", "LogGroupName")}  # and it holds the stack's name


def load(text=None):
    return yaml_parse(text or (ROOT / "template.yaml").read_text())


def parameters(template, changed=None):
    values = {name: str(spec.get("Default", "")) for name, spec in template["Parameters"].items()}
    values.update({name: pair[0] for name, pair in VALUES.items()})
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
        self.values = {**values, **PSEUDO, "AWS::StackName": stack}
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
                return {key: text} if "${" in text else text
        return {key: part for key, part in ((key, self.value(part)) for key, part in node.items()) if part is not NONE}


def references(node, resources):
    """The resources that a part of a template refers to."""
    if isinstance(node, list):
        for item in node:
            yield from references(item, resources)
    elif isinstance(node, dict):
        for key, part in node.items():
            if key == "Ref" and part in resources:
                yield part
            elif key == "Fn::GetAtt":
                name = part.split(".")[0] if isinstance(part, str) else part[0]
                if name in resources:
                    yield name
            elif key == "Fn::Sub":
                text = part if isinstance(part, str) else part[0]
                for name in re.findall(r"\$\{([^!}]+)\}", text):
                    if name.split(".")[0] in resources:
                        yield name.split(".")[0]
                if not isinstance(part, str):
                    yield from references(part[1], resources)
            elif key == "DependsOn":
                yield from ([part] if isinstance(part, str) else part)
            else:
                yield from references(part, resources)


def cycle(resources):
    """One cycle over Ref, GetAtt, Sub, DependsOn and UpdatePolicy, or None."""
    edges = {name: sorted(set(references(resource, resources))) for name, resource in resources.items()}
    done, path = set(), []

    def visit(name):
        if name in path:
            return path[path.index(name):] + [name]
        if name in done:
            return None
        path.append(name)
        for other in edges.get(name, []):
            found = visit(other)
            if found:
                return found
        path.pop()
        done.add(name)
        return None

    for name in edges:
        found = visit(name)
        if found:
            return found
    return None


# ---------------------------------------------------------------- the checks: each returns a list of faults


class Faults(list):
    """Knows which lines of the checks said what is wrong: each must have been said of a planted fault."""

    said = set()

    def append(self, fault):
        Faults.said.add(sys._getframe(1).f_lineno)
        super().append(fault)


def no_cycles(template):
    faults = Faults()
    optional = [name for name, (first, second) in VALUES.items()
                if any(name in json.dumps(node, default=str) for node in template["Conditions"].values())]
    # Regions, empty or not, is a condition too.
    choices = [("", VALUES[name][1]) if name == "Regions" else VALUES[name] for name in optional]
    whole = transformed(template, parameters(template))
    for choice in itertools.product(*choices):
        values = parameters(template, dict(zip(optional, choice)))
        found = cycle(Resolved(whole, values).resources)
        if found:
            faults.append(f"cycle {' > '.join(found)} with {dict(zip(optional, choice))}")
            break
    # Whatever the conditions: a union of all branches.
    found = cycle(whole["Resources"])
    if found and not faults:
        faults.append(f"cycle {' > '.join(found)} over branches of conditions")
    return faults


def no_physical_names(template):
    faults = Faults()
    whole = transformed(template, parameters(template))
    for name, resource in whole["Resources"].items():
        for key, value in resource.get("Properties", {}).items():
            named = key in PHYSICAL or (key == "Name" and resource["Type"] in NAMED_BY_NAME)
            if named and (resource["Type"], key) not in REFERS and (name, key) not in ALLOWED_NAMES:
                faults.append(f"{name} ({resource['Type']}) has a physical name: {key}")
    one, two = (Resolved(whole, parameters(template), stack).resources for stack in ("stack-one", "stack-two"))
    if set(one) != set(two):
        faults.append("logical ids differ between two stacks")
    for name, key in ALLOWED_NAMES:
        if one[name]["Properties"][key] == two[name]["Properties"][key]:
            faults.append(f"{name} {key} is the same in two stacks")
    # Metrics and alarms of two stacks must not mix.
    for name, resource in one.items():
        if resource["Type"] == "AWS::CloudWatch::Alarm" and "SesMailFrom" in json.dumps(resource["Properties"]):
            if resource == two[name]:
                faults.append(f"{name} watches the same metric in two stacks")
    return faults


def parameters_take_effect(template):
    faults = Faults()
    unknown = set(template["Parameters"]) ^ set(VALUES)
    if unknown:
        return [f"two values are needed for each parameter: {sorted(unknown)}"]

    def at(values):
        return Resolved(transformed(template, values), values).resources

    def version(resources):
        (name, resource), = [item for item in resources.items() if item[1]["Type"] == "AWS::Lambda::Version"]
        return name, resource["Properties"].get("Description")

    before = at(parameters(template))
    for name, (_, second) in VALUES.items():
        after = at(parameters(template, {name: second}))
        if after == before:
            faults.append(f"{name} changes nothing")
        in_functions = [
            logical for logical in before
            if before[logical]["Type"] == "AWS::Lambda::Function" and before[logical] != after[logical]
        ]
        if "SettingsFunction" in in_functions and version(before) == version(after):
            faults.append(f"{name} changes settings but not its published version: the alias would not see it")
        if "SettingsFunction" not in in_functions and name not in NOT_IN_THE_VERSION:
            faults.append(f"{name} does not reach settings")
    # The longest description that the patterns allow fits.
    longest = {
        "Regions": ",".join(["ap-southeast-1"] * 8), "ManagedAllow": "a" * template["Parameters"]["ManagedAllow"]["MaxLength"],
        "ManagedDeny": "b" * template["Parameters"]["ManagedDeny"]["MaxLength"], "PaceShare": "0.95", "LogLevel": "DEBUG",
    }
    if len(longest["Regions"]) > template["Parameters"]["Regions"]["MaxLength"]:
        faults.append("Regions does not hold eight of the longest names")
    description = version(at(parameters(template, longest)))[1]
    if not isinstance(description, str) or len(description) > 256:
        faults.append(f"a version description may be {len(str(description))} characters long, 256 are allowed")
    return faults


def topics_can_be_reached(template):
    faults = Faults()
    whole = transformed(template, parameters(template))
    for key in VALUES["TopicKeyArn"]:
        resources = Resolved(whole, parameters(template, {"TopicKeyArn": key})).resources
        topics = {name: r for name, r in resources.items() if r["Type"] == "AWS::SNS::Topic"}
        policies = [r["Properties"] for r in resources.values() if r["Type"] == "AWS::SNS::TopicPolicy"]
        for name, topic in topics.items():
            if topic["Properties"].get("KmsMasterKeyId") != (key or None):
                faults.append(f"{name} has the key {topic['Properties'].get('KmsMasterKeyId')} for TopicKeyArn '{key}'")
            statements = [s for p in policies if {"Ref": name} in p["Topics"] for s in p["PolicyDocument"]["Statement"]]
            if not any(s["Effect"] == "Deny" and s["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
                       and s["Principal"] in ("*", {"AWS": "*"}) for s in statements):
                faults.append(f"{name} takes plain HTTP")
            for s in statements:
                if s["Effect"] == "Allow" and s.get("Condition", {}).get("StringEquals", {}).get("aws:SourceAccount") != PSEUDO["AWS::AccountId"]:
                    faults.append(f"{name} lets somebody publish without aws:SourceAccount")
        for name, alarm in resources.items():
            if alarm["Type"] != "AWS::CloudWatch::Alarm":
                continue
            for action in alarm["Properties"].get("AlarmActions", [None]):
                target = (action or {}).get("Ref")
                statements = [s for p in policies if {"Ref": target} in p["Topics"] for s in p["PolicyDocument"]["Statement"]]
                if not any(s["Effect"] == "Allow" and s["Principal"] == {"Service": "cloudwatch.amazonaws.com"} for s in statements):
                    faults.append(f"{name} reaches no topic that lets CloudWatch publish")
    return faults


def roles_are_narrow(template):
    faults = Faults()
    whole = transformed(template, parameters(template))
    for key, regions in itertools.product(VALUES["TopicKeyArn"], ("", VALUES["Regions"][1])):
        values = parameters(template, {"TopicKeyArn": key, "Regions": regions})
        for name, role in Resolved(whole, values).resources.items():
            if role["Type"] != "AWS::IAM::Role":
                if role["Type"] in ("AWS::IAM::ManagedPolicy", "AWS::IAM::Policy"):
                    faults.append(f"{name} is a policy outside its role")
                continue
            if role["Properties"].get("ManagedPolicyArns"):
                faults.append(f"{name} has a managed policy")
            trust = role["Properties"]["AssumeRolePolicyDocument"]["Statement"]
            for statement in trust:
                if statement["Principal"] == {"Service": "scheduler.amazonaws.com"} and (
                        statement.get("Condition") != {"StringEquals": {"aws:SourceAccount": PSEUDO["AWS::AccountId"]}}):
                    faults.append(f"{name} trusts the scheduler of every account")
            for policy in role["Properties"].get("Policies", []):
                for statement in policy["PolicyDocument"]["Statement"]:
                    actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
                    if any("*" in action for action in actions):
                        faults.append(f"{name} {statement['Sid']} allows actions by a star")
                    if statement["Resource"] == "*":
                        allowed = statement.get("Condition", {}).get("StringEquals", {}).get("aws:RequestedRegion")
                        if allowed != (regions or PSEUDO["AWS::Region"]).split(","):
                            faults.append(f"{name} {statement['Sid']} allows everything everywhere")
                        if not all(action.startswith("ses:") for action in actions):
                            faults.append(f"{name} {statement['Sid']}: only ses: needs a star")
    return faults


def stars_have_reasons(text):
    lines = text.splitlines()
    return [f"line {number + 1}: a star without its reason beside it" for number, line in enumerate(lines)
            if re.match(r"\s*(Resource|Principal): \"\*\"$", line) and not lines[number - 1].strip().startswith("#")]


def runs_as_agreed(template):
    """What is said once in the contract and once in the template."""
    faults = Faults()
    values = parameters(template)
    resources = Resolved(transformed(template, values), values).resources
    for name, resource in resources.items():
        if resource["Type"] == "AWS::Lambda::Function":
            properties = resource["Properties"]
            if properties["Runtime"] != "java25" or properties["Architectures"] != ["arm64"]:
                faults.append(f"{name} is not java25 on arm64")
            if "ReservedConcurrentExecutions" in properties:
                faults.append(f"{name} reserves concurrency: a new account could not deploy")
            if properties.get("LoggingConfig", {}).get("LogGroup", {}).get("Ref") not in resources:
                faults.append(f"{name} has no log group of its own")
        if resource["Type"] == "AWS::Logs::LogGroup" and "RetentionInDays" not in resource["Properties"]:
            faults.append(f"{name} keeps its log for ever")
        if resource["Type"].startswith("AWS::CodeDeploy"):
            faults.append(f"{name}: no CodeDeploy")
        if resource["Type"] == "AWS::CloudWatch::Alarm":
            wanted = "breaching" if name == "NoCompleteRunAlarm" else "notBreaching"
            if resource["Properties"]["TreatMissingData"] != wanted:
                faults.append(f"{name}: missing data must be {wanted}")
    api = resources["Api"]["Properties"]["Body"]
    for path, methods in api["paths"].items():
        for method, operation in methods.items():
            if operation.get("security") != [{"AWS_IAM": []}]:
                faults.append(f"{method} {path} is open: {operation.get('security')}")
    table = resources["StateTable"]
    if (table.get("DeletionPolicy"), table.get("UpdateReplacePolicy")) != ("Retain", "Retain"):
        faults.append("the table goes with the stack")
    if not table["Properties"].get("PointInTimeRecoverySpecification", {}).get("PointInTimeRecoveryEnabled"):
        faults.append("the table cannot be set back to a point in time")
    if not table["Properties"].get("DeletionProtectionEnabled"):
        faults.append("the table can be deleted by one call")
    if not table["Properties"].get("TimeToLiveSpecification", {}).get("Enabled"):
        faults.append("the table keeps old rows for ever")
    return faults


def takes_tags(kind):
    # The transform makes the mapping of an event of the function, and hands no tags on.
    return kind != "AWS::Lambda::EventSourceMapping" and "Tags" in PROVIDER_SCHEMA_MANAGER.get_resource_schema(PSEUDO["AWS::Region"], kind).schema["properties"]


def tags_of(resource):
    properties = resource["Properties"]
    if resource["Type"] == "AWS::ApiGatewayV2::Api":
        return {tag["name"]: tag.get("x-amazon-apigateway-tag-value") for tag in properties["Body"].get("tags", [])}
    tags = properties.get("Tags", [])
    return tags if isinstance(tags, dict) else {tag["Key"]: tag["Value"] for tag in tags}


def all_is_tagged(template):
    """What can be found by the tag of the application, so that its cost and its owner are: all that CloudFormation can tag."""
    values = parameters(template, {"Dashboard": "true", "NoticesBus": "default"})
    return [f"{name} ({resource['Type']}) is not tagged"
            for name, resource in Resolved(transformed(template, values), values).resources.items()
            if takes_tags(resource["Type"]) and tags_of(resource).get("Application") != "ses-mail-from"]


def roles_keep_to_the_boundary(template):
    boundary = VALUES["PermissionsBoundaryArn"][1]
    values = parameters(template, {"PermissionsBoundaryArn": boundary})
    return [f"{name} ignores the permissions boundary" for name, resource in Resolved(transformed(template, values), values).resources.items()
            if resource["Type"] == "AWS::IAM::Role" and resource["Properties"].get("PermissionsBoundary") != boundary]


def events_fit(template):
    """There is a sample event for every route, and none for a route that does not exist."""
    values = parameters(template)
    api = Resolved(transformed(template, values), values).resources["Api"]["Properties"]["Body"]
    routes = {f"{method.upper()} {path}" for path, methods in api["paths"].items() for method in methods}
    samples = {file.name: json.loads(file.read_text()) for file in sorted((ROOT / "events").glob("*.json"))}
    shown = {sample["routeKey"] for sample in samples.values() if "routeKey" in sample}
    faults = Faults()
    for route in sorted(routes - shown):
        faults.append(f"no sample event for {route}")
    for route in sorted(shown - routes):
        faults.append(f"a sample event for {route}, which is no route")
    for schedule in ("WatchFunctionRead", "WatchFunctionApply", "SettingsFunctionKeepWarm"):
        target = json.loads(transformed(template, values)["Resources"][schedule]["Properties"]["Target"]["Input"])
        sample = samples[f"schedule-{re.sub('(Watch|Settings)Function', '', schedule).lower().replace('keepwarm', 'keep-warm')}.json"]
        if shape(target) != shape(sample):
            faults.append(f"the sample of {schedule} differs from what the template sends")
    return faults


def forwarder_is_as_free(forwarder):
    """The second template: no cycle, no physical name and no managed policy there either."""
    found = cycle(forwarder["Resources"])
    faults = Faults()
    if found:
        faults.append(f"cycle {' > '.join(found)}")
    for name, resource in forwarder["Resources"].items():
        for key in resource["Properties"]:
            if key in PHYSICAL or (key == "Name" and resource["Type"] in NAMED_BY_NAME):
                faults.append(f"{name} has a physical name: {key}")
        if resource["Properties"].get("ManagedPolicyArns"):
            faults.append(f"{name} has a managed policy")
        if takes_tags(resource["Type"]) and tags_of(resource).get("Application") != "ses-mail-from":
            faults.append(f"{name} ({resource['Type']}) is not tagged")
    return faults


def shape(node):
    return {key: shape(part) for key, part in sorted(node.items())} if isinstance(node, dict) else type(node).__name__


CHECKS = [no_cycles, no_physical_names, parameters_take_effect, topics_can_be_reached, roles_are_narrow, stars_have_reasons,
          runs_as_agreed, all_is_tagged, roles_keep_to_the_boundary, events_fit, forwarder_is_as_free]


# ---------------------------------------------------------------- planted faults: each must be found by its check


def plant_url_cycle(t):
    t["Resources"]["SettingsFunction"]["Properties"].setdefault("Environment", {"Variables": {}})["Variables"]["URL"] = {
        "Fn::Sub": "https://${Api}.execute-api.us-east-1.amazonaws.com"}


def plant_depends_on_cycle(t):
    t["Resources"]["SettingsRole"]["DependsOn"] = "SettingsErrorsAlarm"


def plant_conditional_cycle(t):
    t["Resources"]["Changes"]["Properties"]["KmsMasterKeyId"] = {
        "Fn::If": ["HasTopicKey", {"Fn::GetAtt": ["WatchFunction", "Arn"]}, {"Ref": "AWS::NoValue"}]}
    t["Resources"]["WatchFunction"]["Properties"]["DeadLetterQueue"] = {
        "Type": "SQS", "TargetArn": {"Fn::GetAtt": ["Changes", "Arn"]}}


def plant_cycle_over_branches(t):
    """Each half is there without the other: CloudFormation looks at both at once all the same."""
    for name, other, branches in (("AlertsTopic", "OperationsTopic", [0, 1]), ("OperationsTopic", "AlertsTopic", [1, 0])):
        values = [{"Fn::GetAtt": [other, "TopicName"]}, {"Ref": "AWS::NoValue"}]
        t["Resources"][name]["Properties"]["DisplayName"] = {"Fn::If": ["HasTopicKey", *(values[branch] for branch in branches)]}


def plant_update_policy_cycle(t):
    t["Resources"]["StateTable"]["UpdatePolicy"] = {"Hook": {"Ref": "WatchFunction"}}


def plant_topic_name(t):
    t["Resources"]["AlertsTopic"]["Properties"]["TopicName"] = "alerts"


def plant_schedule_name(t):
    del t["Resources"]["WatchFunction"]["Properties"]["Events"]["Read"]["Properties"]["OmitName"]


def plant_shared_log_group(t):
    t["Resources"]["ApiLogGroup"]["Properties"]["LogGroupName"] = "/aws/vendedlogs/api"


def plant_shared_metric(t):
    t["Resources"]["NoCompleteRunAlarm"]["Properties"]["Dimensions"] = [{"Name": "Service", "Value": "mailfrom"}]


def plant_idle_parameter(t):
    for name in ("ApiLogGroup", "SettingsLogGroup", "WatchLogGroup"):
        t["Resources"][name]["Properties"]["RetentionInDays"] = 30


def plant_unknown_parameter(t):
    t["Parameters"]["Unused"] = {"Type": "String", "Default": ""}


def plant_stale_version(t):
    del t["Resources"]["SettingsFunction"]["Properties"]["VersionDescription"]


def plant_long_description(t):
    t["Parameters"]["ManagedAllow"]["MaxLength"] = 256


def plant_default_key(t):
    t["Resources"]["OperationsTopic"]["Properties"]["KmsMasterKeyId"] = "alias/aws/sns"


def plant_plain_http(t):
    del t["Resources"]["NoticesTopicPolicy"]


def plant_any_account(t):
    del t["Resources"]["OperationsTopicPolicy"]["Properties"]["PolicyDocument"]["Statement"][1]["Condition"]


def plant_deaf_alarm(t):
    t["Resources"]["ApiErrorsAlarm"]["Properties"]["AlarmActions"] = [{"Ref": "AlertsTopic"}]


def plant_managed_policy(t):
    t["Resources"]["WatchRole"]["Properties"]["ManagedPolicyArns"] = ["arn:aws:iam::aws:policy/AmazonSESFullAccess"]


def plant_unbound_star(t):
    del t["Resources"]["WatchRole"]["Properties"]["Policies"][1]["PolicyDocument"]["Statement"][1]["Condition"]


def plant_action_star(t):
    t["Resources"]["SettingsRole"]["Properties"]["Policies"][1]["PolicyDocument"]["Statement"][0]["Action"].append("dynamodb:*")


def plant_any_scheduler(t):
    del t["Resources"]["SchedulerRole"]["Properties"]["AssumeRolePolicyDocument"]["Statement"][0]["Condition"]


def plant_open_route(t):
    t["Resources"]["SettingsFunction"]["Properties"]["Events"]["GetSummary"]["Properties"]["Auth"] = {"Authorizer": "NONE"}


def plant_reserved(t):
    t["Resources"]["WatchFunction"]["Properties"]["ReservedConcurrentExecutions"] = 1


def plant_endless_log(t):
    del t["Resources"]["WatchLogGroup"]["Properties"]["RetentionInDays"]


def plant_quiet_alarm(t):
    t["Resources"]["NoCompleteRunAlarm"]["Properties"]["TreatMissingData"] = "notBreaching"


def plant_forgotten_table(t):
    t["Resources"]["StateTable"]["DeletionPolicy"] = "Delete"


def plant_table_without_recovery(t):
    del t["Resources"]["StateTable"]["Properties"]["PointInTimeRecoverySpecification"]


def plant_table_without_protection(t):
    t["Resources"]["StateTable"]["Properties"]["DeletionProtectionEnabled"] = False


def plant_table_without_end(t):
    del t["Resources"]["StateTable"]["Properties"]["TimeToLiveSpecification"]


def plant_untagged_role(t):
    del t["Resources"]["WatchRole"]["Properties"]["Tags"]


def plant_role_without_boundary(t):
    del t["Resources"]["SettingsRole"]["Properties"]["PermissionsBoundary"]


def plant_route_without_event(t):
    t["Resources"]["SettingsFunction"]["Properties"]["Events"]["More"] = {
        "Type": "HttpApi", "Properties": {"ApiId": {"Ref": "Api"}, "Method": "GET", "Path": "/v1/more"}}


def plant_id_of_one_stack(t):
    t["Conditions"]["IsStackOne"] = {"Fn::Equals": [{"Ref": "AWS::StackName"}, "stack-one"]}
    t["Resources"]["Extra"] = {"Type": "AWS::SQS::Queue", "Condition": "IsStackOne", "Properties": {}}


def plant_deny_that_settings_ignores(t):
    del t["Globals"]["Function"]["Environment"]["Variables"]["MAILFROM_MANAGED_DENY"]
    t["Resources"]["WatchFunction"]["Properties"]["Environment"]["Variables"]["MAILFROM_MANAGED_DENY"] = {"Ref": "ManagedDeny"}


def plant_few_regions(t):
    t["Parameters"]["Regions"]["MaxLength"] = 40


def plant_policy_outside(t):
    t["Resources"]["More"] = {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": {"Statement": []}}}


def plant_star_of_another_service(t):
    t["Resources"]["WatchRole"]["Properties"]["Policies"][1]["PolicyDocument"]["Statement"][1]["Action"] = ["dynamodb:Scan"]


def plant_star_without_reason(text):
    return re.sub(r"( *)#[^\n]*\n(\s*Resource: \"\*\"\n)", r"\2", text, count=1)


def plant_other_runtime(t):
    t["Globals"]["Function"]["Runtime"] = "java21"


def plant_log_group_by_chance(t):
    del t["Resources"]["WatchFunction"]["Properties"]["LoggingConfig"]


def plant_code_deploy(t):
    t["Resources"]["Slow"] = {"Type": "AWS::CodeDeploy::Application", "Properties": {}}


def plant_sample_of_no_route(t):
    del t["Resources"]["SettingsFunction"]["Properties"]["Events"]["GetSummary"]


def plant_other_schedule(t):
    t["Resources"]["WatchFunction"]["Properties"]["Events"]["Read"]["Properties"]["Input"] = '{"job":"read"}'


def plant_untagged_rule(t):
    del t["Resources"]["HealthRule"]["Properties"]["Tags"]


def plant_forwarders_cycle(t):
    first, second = list(t["Resources"])[:2]
    t["Resources"][first]["DependsOn"], t["Resources"][second]["DependsOn"] = second, first


def plant_forwarders_name(t):
    t["Resources"]["HealthRule"]["Properties"]["Name"] = "health"


def plant_forwarders_policy(t):
    role = next(r for r in t["Resources"].values() if r["Type"] == "AWS::IAM::Role")
    role["Properties"]["ManagedPolicyArns"] = ["arn:aws:iam::aws:policy/AdministratorAccess"]


# check, planted fault, and what has to be said about it
FAULTS = [
    (no_cycles, plant_url_cycle, "cycle"),
    (no_cycles, plant_depends_on_cycle, "cycle"),
    (no_cycles, plant_conditional_cycle, "cycle"),
    (no_cycles, plant_update_policy_cycle, "StateTable"),
    (no_cycles, plant_cycle_over_branches, "over branches of conditions"),
    (no_physical_names, plant_topic_name, "AlertsTopic (AWS::SNS::Topic) has a physical name"),
    (no_physical_names, plant_schedule_name, "WatchFunctionRead (AWS::Scheduler::Schedule) has a physical name"),
    (no_physical_names, plant_shared_log_group, "the same in two stacks"),
    (no_physical_names, plant_shared_metric, "watches the same metric"),
    (parameters_take_effect, plant_idle_parameter, "LogRetentionDays changes nothing"),
    (parameters_take_effect, plant_unknown_parameter, "Unused"),
    (parameters_take_effect, plant_stale_version, "Paused changes settings but not its published version"),
    (parameters_take_effect, plant_long_description, "256 are allowed"),
    (topics_can_be_reached, plant_default_key, "OperationsTopic has the key alias/aws/sns"),
    (topics_can_be_reached, plant_plain_http, "NoticesTopic takes plain HTTP"),
    (topics_can_be_reached, plant_any_account, "without aws:SourceAccount"),
    (topics_can_be_reached, plant_deaf_alarm, "ApiErrorsAlarm reaches no topic"),
    (roles_are_narrow, plant_managed_policy, "WatchRole has a managed policy"),
    (roles_are_narrow, plant_unbound_star, "everything everywhere"),
    (roles_are_narrow, plant_action_star, "actions by a star"),
    (roles_are_narrow, plant_any_scheduler, "every account"),
    (runs_as_agreed, plant_open_route, "get /v1/summary is open"),
    (runs_as_agreed, plant_reserved, "reserves concurrency"),
    (runs_as_agreed, plant_endless_log, "for ever"),
    (runs_as_agreed, plant_quiet_alarm, "must be breaching"),
    (runs_as_agreed, plant_forgotten_table, "goes with the stack"),
    (runs_as_agreed, plant_table_without_recovery, "point in time"),
    (runs_as_agreed, plant_table_without_protection, "deleted by one call"),
    (runs_as_agreed, plant_table_without_end, "old rows for ever"),
    (all_is_tagged, plant_untagged_role, "WatchRole (AWS::IAM::Role) is not tagged"),
    (roles_keep_to_the_boundary, plant_role_without_boundary, "SettingsRole ignores"),
    (events_fit, plant_route_without_event, "no sample event for GET /v1/more"),
    (no_physical_names, plant_id_of_one_stack, "logical ids differ"),
    (parameters_take_effect, plant_deny_that_settings_ignores, "ManagedDeny does not reach settings"),
    (parameters_take_effect, plant_few_regions, "Regions does not hold eight"),
    (roles_are_narrow, plant_policy_outside, "More is a policy outside its role"),
    (roles_are_narrow, plant_star_of_another_service, "only ses: needs a star"),
    (stars_have_reasons, plant_star_without_reason, "a star without its reason"),
    (runs_as_agreed, plant_other_runtime, "is not java25 on arm64"),
    (runs_as_agreed, plant_log_group_by_chance, "WatchFunction has no log group of its own"),
    (runs_as_agreed, plant_code_deploy, "Slow: no CodeDeploy"),
    (all_is_tagged, plant_untagged_rule, "HealthRule (AWS::Events::Rule) is not tagged"),
    (events_fit, plant_sample_of_no_route, "a sample event for GET /v1/summary, which is no route"),
    (events_fit, plant_other_schedule, "the sample of WatchFunctionRead differs"),
    (forwarder_is_as_free, plant_forwarders_cycle, "cycle"),
    (forwarder_is_as_free, plant_forwarders_name, "HealthRule has a physical name"),
    (forwarder_is_as_free, plant_forwarders_policy, "has a managed policy"),
    (forwarder_is_as_free, plant_untagged_rule, "HealthRule (AWS::Events::Rule) is not tagged"),
]


def never_said():
    """Sentences of the checks that no planted fault brought out."""
    source = Path(__file__).read_text().splitlines()
    return [f"line {number}: {line.strip()}" for number, line in enumerate(source, 1)
            if re.match(r"\s+faults\.append\(", line) and number not in Faults.said]


def main():
    passed = failed = 0

    def tell(good, what, faults=()):
        nonlocal passed, failed
        passed, failed = passed + good, failed + (not good)
        print(f"{'ok' if good else 'FAILED'}  {what}")
        for fault in faults:
            print(f"        {fault}")

    template = load()
    others = {forwarder_is_as_free: load((ROOT / "forwarder.yaml").read_text()), stars_have_reasons: (ROOT / "template.yaml").read_text()}
    for check in CHECKS:
        faults = check(copy.deepcopy(others.get(check, template)))
        tell(not faults, check.__name__.replace("_", " "), faults)
    for check, plant, words in FAULTS:
        planted = copy.deepcopy(others.get(check, template))
        planted = plant(planted) or planted
        faults = check(planted)
        tell(any(words in fault for fault in faults), f"{check.__name__.replace('_', ' ')}: finds the planted fault '{plant.__name__[6:].replace('_', ' ')}'",
             [] if any(words in fault for fault in faults) else faults or ["found nothing"])
    never = never_said() + [check.__name__ for check in CHECKS if check not in {fault[0] for fault in FAULTS}]
    tell(not never, "each sentence of each check was said of a planted fault", never)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
