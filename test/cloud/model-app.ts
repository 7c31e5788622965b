/**
 * The model that the story rolls back: a real little Lambda function with a published version and
 * an alias.
 */
import { App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Alias, Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';

const stack = new Stack(new App(), 'Scorer');
const scorer = new LambdaFunction(stack, 'Scorer', {
  functionName: 'scorer',
  runtime: Runtime.NODEJS_24_X,
  handler: 'index.handler',
  code: Code.fromInline('exports.handler = async () => ({ release: process.env.RELEASE });'),
  environment: { RELEASE: 'first' },
  currentVersionOptions: { removalPolicy: RemovalPolicy.RETAIN },
});
new Alias(stack, 'Live', { aliasName: 'live', version: scorer.currentVersion });
