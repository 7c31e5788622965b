import { Account, type Found } from './account.ts';
import type { Arrow, Walker } from './arrows.ts';
import { grantsOf } from './grants.ts';
import { walkersOfFunctions } from './of-functions.ts';
import { walkersOfServices } from './of-services.ts';
import { type Place, placesOf } from './places.ts';
import type { TemplateJson } from './resolve.ts';
import { Unknown } from './unknown.ts';

export type Walked = {
  arrows: Arrow[];
  /** What leads to something that is not in the template, whose own policy nobody here can read. */
  outside: string[];
  /** Why something may not do what it is there for. */
  refused: string[];
  /** What the walk does not know how to judge. */
  unknown: string[];
};

/** A place that names something and calls nothing, such as the dimension of a metric. */
const nothing = 'calls nothing';

/**
 * Every kind of resource, and every place in it where it may name another. A kind or a place that
 * is not here is reported by its name: whoever adds a service adds its walk. A place covers all
 * that is beneath it.
 */
const table: Record<string, Record<string, Walker | typeof nothing>> = {
  'AWS::CloudWatch::Alarm': {
    AlarmActions: walkersOfServices.alarm,
    OKActions: walkersOfServices.alarm,
    InsufficientDataActions: walkersOfServices.alarm,
    Dimensions: nothing,
    Metrics: nothing,
  },
  'AWS::CloudWatch::Dashboard': { DashboardBody: nothing },
  'AWS::CDK::Metadata': {},
  'AWS::DynamoDB::Table': {},
  'AWS::Events::Rule': {
    'Targets[].Arn': walkersOfServices.ruleTarget,
    'Targets[].RoleArn': walkersOfServices.roleOfRule,
    'Targets[].DeadLetterConfig.Arn': walkersOfServices.ruleDeadLetters,
    EventPattern: nothing,
  },
  // Policies are what the walk asks, not what it walks.
  'AWS::IAM::Policy': { PolicyDocument: nothing, Roles: nothing },
  'AWS::IAM::Role': { AssumeRolePolicyDocument: nothing, Policies: nothing },
  'AWS::KMS::Key': { KeyPolicy: nothing },
  'AWS::Lambda::EventInvokeConfig': {
    FunctionName: nothing,
    'DestinationConfig.OnFailure.Destination': walkersOfFunctions.destination,
    'DestinationConfig.OnSuccess.Destination': walkersOfFunctions.destination,
  },
  'AWS::Lambda::EventSourceMapping': {
    EventSourceArn: walkersOfFunctions.source,
    FunctionName: nothing,
    'DestinationConfig.OnFailure.Destination': walkersOfFunctions.destination,
  },
  'AWS::Lambda::Function': {
    Role: walkersOfFunctions.executionRole,
    'LoggingConfig.LogGroup': walkersOfFunctions.logGroup,
    'Environment.Variables': walkersOfFunctions.environment,
    'DeadLetterConfig.TargetArn': walkersOfFunctions.deadLetters,
  },
  'AWS::Lambda::Permission': { FunctionName: nothing, SourceArn: nothing },
  'AWS::Lambda::Url': { TargetFunctionArn: walkersOfServices.publicUrl },
  'AWS::Logs::LogGroup': {},
  'AWS::Logs::MetricFilter': { LogGroupName: nothing },
  'AWS::SNS::Subscription': {
    TopicArn: nothing,
    Endpoint: walkersOfServices.subscription,
    'RedrivePolicy.deadLetterTargetArn': walkersOfServices.subscriptionDeadLetters,
  },
  // Under which key they are is asked where something is put into them.
  'AWS::SNS::Topic': { KmsMasterKeyId: nothing },
  'AWS::SNS::TopicPolicy': { PolicyDocument: nothing, Topics: nothing },
  'AWS::SQS::Queue': {
    KmsMasterKeyId: nothing,
    'RedrivePolicy.deadLetterTargetArn': walkersOfServices.redrive,
    RedriveAllowPolicy: nothing,
  },
  'AWS::SQS::QueuePolicy': { PolicyDocument: nothing, Queues: nothing },
};

/**
 * Follows every arrow between the services of a template, and asks the policies whether the one may
 * call the other.
 */
export function walk(template: TemplateJson): Walked {
  const account = new Account(template);
  const unknown = new Set<string>();
  const knowing = <T>(judge: () => T[]): T[] => {
    try {
      return judge();
    } catch (error) {
      if (!(error instanceof Unknown)) throw error;
      unknown.add(error.message);
      return [];
    }
  };
  for (const type of new Set(Object.values(template.Resources).map(({ Type }) => Type)))
    if (table[type] === undefined) unknown.add(`the walk does not know ${type}: say in test/stack/walk what it calls`);
  const arrows = [
    ...placesOf(template).flatMap((place) => knowing(() => arrowsAt(account, place))),
    ...account.all('AWS::IAM::Role').flatMap((role) => knowing(() => grantsOf(account, role))),
  ];
  const outside = arrows.filter((arrow) => arrow.outside).map(({ kind, from, to }) => `${kind}: ${from} -> ${to}`);
  const refused = arrows.flatMap(({ kind, from, to, refused: reasons }) =>
    reasons.map((reason) => `${kind}: ${from} -> ${to}: ${reason}`),
  );
  return { arrows, outside, refused, unknown: [...unknown] };
}

function arrowsAt(account: Account, place: Place): Arrow[] {
  const known = table[place.type];
  if (known === undefined) return [];
  const entry = Object.entries(known).find(
    ([path]) => place.path === path || ['.', '['].some((next) => place.path.startsWith(path + next)),
  );
  if (entry === undefined)
    throw new Unknown(
      `the walk does not know ${place.type} ${place.path}, as in ${place.id}: say in test/stack/walk what it calls`,
    );
  const [, walker] = entry;
  if (walker === nothing) return [];
  const from = account.all(place.type).find(({ id }) => id === place.id) as Found;
  return walker({ account, from, place, arn: String(account.resolver.resolve(place.value)) });
}
