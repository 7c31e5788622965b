"""ministack 1.5.33 as the test's AWS account. It ends with the test, however that ends, keeps to its own port, and its IAM
is corrected where it asks for another action than AWS does:

- AWS authorises the batch calls of SQS by the action of one message, and has no action of the batch's name
  (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-api-permissions-reference.html).
- A call about one alias of a Lambda function is taken for ListAliases, whatever its method
  (https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html).
"""

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


def corrected(service, method, path, *rest):
    if service == "lambda" and re.search(r"/functions/[^/]+/aliases/[^/]+$", path) and method in ALIASES:
        return ALIASES[method]
    action = extract(service, method, path, *rest)
    return BATCHES.get(action, action)


def end_with(parent):
    while os.getppid() == parent:
        time.sleep(1)
    os.killpg(0, signal.SIGKILL)


iam_actions.extract_iam_action = corrected
# Where it may, it also listens on port 443, which is not ours to take.
app._port_is_bindable = lambda host, port: False
threading.Thread(target=end_with, args=(os.getppid(),), daemon=True).start()
runpy.run_module("ministack", run_name="__main__")
