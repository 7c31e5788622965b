"""ministack 1.5.33 as the test's AWS account. It ends with the test, however that ends, keeps to its own port, and its IAM
is corrected where it asks for another action than AWS does:

- AWS authorises the batch calls of SQS by the action of one message, and has no action of the batch's name
  (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-api-permissions-reference.html).
- A call about one alias of a Lambda function is taken for ListAliases, whatever its method
  (https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html).
- Its alarms publish without asking anybody: a topic, and the key that it is under, have to let CloudWatch in
  (https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html).
- Its policy simulator takes no context entries, which the keys of DynamoDB are among
  (https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html).
- It knows no dynamodb:LeadingKeys: a write is authorised with the partition keys of the items it is about
  (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html).
"""

import json
import os
import re
import runpy
import signal
import threading
import time

from ministack import app
from ministack.core import iam_actions, iam_evaluator
from ministack.services import cloudwatch, iam, kms, sns

BATCHES = {
    "sqs:SendMessageBatch": "sqs:SendMessage",
    "sqs:DeleteMessageBatch": "sqs:DeleteMessage",
    "sqs:ChangeMessageVisibilityBatch": "sqs:ChangeMessageVisibility",
}
ALIASES = {"GET": "lambda:GetAlias", "PUT": "lambda:UpdateAlias", "DELETE": "lambda:DeleteAlias"}
extract = iam_actions.extract_iam_action
tags = iam_actions.request_tag_context


def corrected(service, method, path, *rest):
    if service == "lambda" and re.search(r"/functions/[^/]+/aliases/[^/]+$", path) and method in ALIASES:
        return ALIASES[method]
    action = extract(service, method, path, *rest)
    return BATCHES.get(action, action)


def leading_keys(body):
    """Partition keys of the one item, or of all items of a transaction."""
    request = json.loads(body or b"{}")
    items = [detail for item in request.get("TransactItems", [request]) for detail in (item.values() if "TransactItems" in request else [item])]
    keys = [(item.get("Item") or item.get("Key") or {}).get("pk", {}).get("S") for item in items]
    return [key for key in keys if key is not None]


def with_leading_keys(service, action, body, params):
    context = tags(service, action, body, params)
    keys = leading_keys(body) if service == "dynamodb" and re.search(r":(Put|Update|Delete|TransactWrite)Items?$", action) else []
    return {**context, "dynamodb:LeadingKeys": keys} if keys else context


asked = iam._extract_simulate_params
given = threading.local()


def with_context(params):
    """What a request to the simulator says of the request that it imagines."""
    given.context = {}
    for index in range(1, 100):
        name = iam._p(params, f"ContextEntries.member.{index}.ContextKeyName")
        if not name:
            break
        values = [iam._p(params, f"ContextEntries.member.{index}.ContextKeyValues.member.{one}") for one in range(1, 100)]
        given.context[name.lower()] = [value for value in values if value]
    return asked(params)


def simulated(actions, resource_arn, principal_arn, account_id, policies):
    decisions = {"Allow": "allowed", "Deny": "explicitDeny"}
    members = ""
    for action in actions:
        request = iam_evaluator.EvalContext(
            principal_arn, "User", account_id, action, resource_arn, iam.get_region(), secure_transport=True, service_context=given.context
        )
        decision = decisions.get(iam_evaluator.evaluate(request, policies).decision, "implicitDeny")
        members += (
            f"<member><EvalActionName>{action}</EvalActionName><EvalResourceName>{resource_arn}</EvalResourceName>"
            f"<EvalDecision>{decision}</EvalDecision><MatchedStatements/><MissingContextValues/></member>"
        )
    return members


ALARMS = "cloudwatch.amazonaws.com"
dispatch = cloudwatch._dispatch_alarm_actions


def key_lets_in(topic_arn, alarm):
    key = sns._topic_by_arn_any_scope(topic_arn)["attributes"].get("KmsMasterKeyId")
    if not key:
        return True
    record = kms._resolve_key(key)
    source = {"aws:sourcearn": alarm["AlarmArn"], "aws:sourceaccount": cloudwatch.get_account_id()}
    return record is not None and all(
        iam_evaluator.evaluate_resource_policy(
            record["Policy"],
            iam_evaluator.EvalContext("*", "Service", "", action, record["Arn"], cloudwatch.get_region(), service_context=source),
            service=ALARMS,
        ).decision
        == "Allow"
        for action in ("kms:GenerateDataKey", "kms:Decrypt")
    )


def lets_in(topic_arn, alarm):
    if sns.topic_policy_allows(topic_arn, ALARMS, alarm["AlarmArn"], cloudwatch.get_account_id()) and key_lets_in(topic_arn, alarm):
        return True
    print(f"refused: {alarm['AlarmArn']} may not publish to {topic_arn}", flush=True)
    return False


def dispatch_where_let(alarm, *change):
    lists = ("AlarmActions", "OKActions", "InsufficientDataActions")
    let = {name: [arn for arn in alarm.get(name) or [] if lets_in(arn, alarm)] for name in lists}
    dispatch({**alarm, **let}, *change)


def end_with(parent):
    while os.getppid() == parent:
        time.sleep(1)
    os.killpg(0, signal.SIGKILL)


iam_actions.extract_iam_action = corrected
iam_actions.request_tag_context = with_leading_keys
cloudwatch._dispatch_alarm_actions = dispatch_where_let
iam._extract_simulate_params = with_context
iam._build_simulate_results_real = simulated
# Where it may, it also listens on port 443, which is not ours to take.
app._port_is_bindable = lambda host, port: False
threading.Thread(target=end_with, args=(os.getppid(),), daemon=True).start()
runpy.run_module("ministack", run_name="__main__")
