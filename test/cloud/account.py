"""ministack 1.5.33 as the test's AWS account. It ends with the test, however that ends, keeps to its own port, and its IAM
is corrected where it asks for another action than AWS does:

- AWS authorises the batch calls of SQS by the action of one message, and has no action of the batch's name
  (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-api-permissions-reference.html).
- A call about one alias of a Lambda function is taken for ListAliases, whatever its method
  (https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html).
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
from ministack.core import iam_actions

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


def end_with(parent):
    while os.getppid() == parent:
        time.sleep(1)
    os.killpg(0, signal.SIGKILL)


iam_actions.extract_iam_action = corrected
iam_actions.request_tag_context = with_leading_keys
# Where it may, it also listens on port 443, which is not ours to take.
app._port_is_bindable = lambda host, port: False
threading.Thread(target=end_with, args=(os.getppid(),), daemon=True).start()
runpy.run_module("ministack", run_name="__main__")
