#!/usr/bin/env node
/**
 * The CDK app: one stack. `-c config=DIR` names the folder of the config, `-c stage=NAME` the
 * stage.
 */
import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { ConfigFolderError } from '../lib/config.ts';
import { TocsinStack } from '../lib/tocsin-stack.ts';

const app = new App();
const context = (name: string): string | undefined => app.node.tryGetContext(name) as string | undefined;
const stage = context('stage') ?? 'prod';
const concurrency = context('publicConcurrency');

try {
  new TocsinStack(app, `Tocsin-${stage}`, {
    config: context('config') ?? 'config',
    runbooks: context('runbooks'),
    stage,
    publicConcurrency: concurrency === undefined ? undefined : Number(concurrency),
    slackApiUrl: context('slackApiUrl'),
  });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
} catch (error) {
  if (!(error instanceof ConfigFolderError)) throw error;
  // The lines say all there is to say; a stack trace would bury them.
  console.error(error.message);
  process.exit(1);
}
