import { dirname } from 'node:path';
import { type Duration, RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { ApplicationLogLevel, Architecture, LoggingFormat, Runtime, SystemLogLevel } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { FunctionNeeds } from '../core/config/function-needs.ts';
import { describedAs, type FunctionName } from '../core/config/functions.ts';
import type { Deployment } from './deployment.ts';
import { functionCode } from './function-code.ts';

export type TocsinFunctionProps = {
  deployment: Deployment;
  /**
   * A file of lambdas/ without extension. Lambdas are known here by name only; nothing is imported.
   */
  entry: FunctionName;
  timeout: Duration;
  memorySize: number;
  environment?: Record<string, string>;
  /** Whether it gets the config. */
  readsConfig?: boolean;
  /** Further files that it reads beside its bundle, by their name there. */
  beside?: Readonly<Record<string, string>>;
  /** It serves the console, which lies in the folder `console` beside its bundle. */
  console?: boolean;
  /** The most concurrent runs, reserved from the account's limit. */
  concurrency?: number;
};

/**
 * One Tocsin function: Node.js 24 on arm64, an ES module bundled by esbuild without Docker, its own
 * role that starts empty (grant.ts fills it), a log group with retention, JSON logs.
 */
export class TocsinFunction extends NodejsFunction {
  readonly rights: Role;
  /** Where it logs. */
  readonly log: LogGroup;
  /** What its role is made from. */
  readonly needs: FunctionNeeds;

  constructor(scope: Construct, id: string, props: TocsinFunctionProps) {
    const { deployment, entry, timeout, memorySize, environment = {}, readsConfig = true, beside = {}, concurrency } = props;
    const { console = false } = props;
    const { traces } = deployment.config.settings;
    const needs = deployment.needs[entry];
    const { secrets } = needs;
    const logGroup = new LogGroup(scope, `${id}Log`, {
      retention: deployment.keep ? RetentionDays.THREE_MONTHS : RetentionDays.TWO_WEEKS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = new Role(scope, `${id}Role`, { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    const files = { ...(readsConfig && { 'tocsin.json': deployment.file }), ...beside };
    super(scope, id, {
      ...functionCode(entry, { files, console }, dirname(deployment.file)),
      description: describedAs(deployment.stage, entry),
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      awsSdkConnectionReuse: false,
      timeout,
      memorySize,
      reservedConcurrentExecutions: concurrency,
      role,
      logGroup,
      // Lambda's own tracing stays off: its segments go to X-Ray only, and would be parents unknown
      // to any other span receiver.
      loggingFormat: LoggingFormat.JSON,
      applicationLogLevelV2: ApplicationLogLevel.INFO,
      systemLogLevelV2: SystemLogLevel.WARN,
      environment: {
        TOCSIN_STAGE: deployment.stage,
        ...(traces === undefined ? {} : { TOCSIN_TRACES: traces.endpoint }),
        ...(secrets === undefined ? {} : { TOCSIN_SECRETS: deployment.secretsPrefix }),
        ...environment,
      },
    });
    this.rights = role;
    this.log = logGroup;
    this.needs = needs;
  }

  /** Adds to its role. Full actions and resources, no wildcards. */
  allow(actions: readonly string[], resources: readonly string[], conditions?: Record<string, Record<string, unknown>>): void {
    this.addToRolePolicy(new PolicyStatement({ actions: [...actions], resources: [...resources], conditions }));
  }
}
