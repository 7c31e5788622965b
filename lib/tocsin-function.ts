import { dirname } from 'node:path';
import { ArnFormat, type Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { ApplicationLogLevel, Architecture, LoggingFormat, Runtime, SystemLogLevel } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import type { Deployment } from './deployment.ts';
import { functionCode } from './function-code.ts';

export type TocsinFunctionProps = {
  deployment: Deployment;
  /**
   * A file of lambdas/ without extension. Lambdas are known here by name only; nothing is imported.
   */
  entry: string;
  description: string;
  timeout: Duration;
  memorySize: number;
  environment?: Record<string, string>;
  /** Names of secrets it may read; omit for a function that never reads any. */
  secrets?: string[];
  /** Whether it gets the config. */
  readsConfig?: boolean;
  /** Further files that it reads beside its bundle, by their name there. */
  beside?: Readonly<Record<string, string>>;
  /** The most concurrent runs, reserved from the account's limit. */
  concurrency?: number;
};

/**
 * One Tocsin function: Node.js 24 on arm64, an ES module bundled by esbuild without Docker, its own
 * role that starts with log access only, a log group with retention, JSON logs.
 */
export class TocsinFunction extends NodejsFunction {
  readonly rights: Role;
  /** Where it logs. */
  readonly log: LogGroup;

  constructor(scope: Construct, id: string, props: TocsinFunctionProps) {
    const {
      deployment,
      entry,
      description,
      timeout,
      memorySize,
      environment = {},
      secrets,
      readsConfig = true,
      beside = {},
      concurrency,
    } = props;
    const { traces } = deployment.config.settings;
    const logGroup = new LogGroup(scope, `${id}Log`, {
      retention: deployment.keep ? RetentionDays.THREE_MONTHS : RetentionDays.TWO_WEEKS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = new Role(scope, `${id}Role`, { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    role.addToPolicy(
      new PolicyStatement({ actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [logGroup.logGroupArn] }),
    );
    const files = { ...(readsConfig && { 'tocsin.json': deployment.file }), ...beside };
    super(scope, id, {
      ...functionCode(entry, files, dirname(deployment.file)),
      description: `Tocsin ${deployment.stage}: ${description}`,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      awsSdkConnectionReuse: false,
      timeout,
      memorySize,
      reservedConcurrentExecutions: concurrency,
      role,
      logGroup,
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
    if (secrets !== undefined && secrets.length > 0) {
      const resources = secrets.map((name) => secretArn(this, deployment, name));
      this.allow(['secretsmanager:GetSecretValue'], resources);
    }
    if (traces?.endpoint === 'xray') this.#sendSpans();
  }

  /**
   * Lambda's own tracing stays off: its segments go to X-Ray only, and would be parents unknown to
   * any other span receiver.
   */
  #sendSpans(): void {
    this.allow(['xray:PutSpans', 'xray:PutTraceSegments'], ['*']);
    acknowledge(this.rights, 'AwsSolutions-IAM5[Resource::*]', 'X-Ray knows no narrower resource to put spans into');
  }

  /** Adds to its role. Full actions and resources, no wildcards. */
  allow(actions: readonly string[], resources: readonly string[], conditions?: Record<string, Record<string, unknown>>): void {
    this.addToRolePolicy(new PolicyStatement({ actions: [...actions], resources: [...resources], conditions }));
  }
}

/**
 * Secrets Manager appends six random characters. Six `?` match them exactly, so no longer name
 * matches.
 */
const secretArn = (scope: Construct, { secretsPrefix }: Deployment, name: string): string =>
  Stack.of(scope).formatArn({
    service: 'secretsmanager',
    resource: 'secret',
    resourceName: `${secretsPrefix}${name}-??????`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
