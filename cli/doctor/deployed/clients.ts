import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { IAMClient } from '@aws-sdk/client-iam';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';

/**
 * All that the doctor asks an account with. Credentials and region are those of the terminal. Many
 * attempts: the policy simulator throttles early, and whatever was changed must be put back.
 */
export function awsClients(maxAttempts = 8) {
  const common = { maxAttempts };
  return {
    cloudformation: new CloudFormationClient(common),
    cloudwatch: new CloudWatchClient(common),
    dynamodb: new DynamoDBClient(common),
    iam: new IAMClient(common),
    lambda: new LambdaClient(common),
    quotas: new ServiceQuotasClient(common),
    sns: new SNSClient(common),
    sqs: new SQSClient(common),
  };
}

export type AwsClients = ReturnType<typeof awsClients>;
