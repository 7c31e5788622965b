import type { Account, Found } from './account.ts';
import { asRole, hands, notKnown, trusted, type Walker } from './arrows.ts';
import type { Context } from './conditions.ts';
import { type Party, refusal } from './refusal.ts';
import { here } from './resolve.ts';

/**
 * A service that calls in the name of a resource; what it says to a key is not always what it says
 * to a topic.
 */
const service = (name: string, arn: string, more: { context?: Context; key?: boolean } = {}): Party => {
  const source = { 'aws:SourceArn': arn, 'aws:SourceAccount': here.account };
  return { kind: 'service', name, context: { ...source, ...more.context }, keyContext: more.key === false ? {} : source };
};

const alarm: Walker = (at) => {
  const own = at.account.resolver.arnOf(at.from.id);
  const party = service('cloudwatch.amazonaws.com', own, { context: { 'aws:SourceOwner': here.account } });
  return hands(at, 'alarm', party, ['AWS::SNS::Topic']);
};

/**
 * EventBridge says nothing of the rule to a key, so a condition on the source there would refuse
 * it.
 */
const events = (account: Account, rule: Found): Party =>
  service('events.amazonaws.com', account.resolver.arnOf(rule.id), { key: false });

const ruleTarget: Walker = (at) => {
  const { account, from, arn } = at;
  const targets = account.read(from, 'Targets') as { Arn: string; RoleArn?: string }[];
  const role = targets.find(({ Arn }) => Arn === arn)?.RoleArn;
  return hands(at, 'rule', role === undefined ? events(account, from) : asRole(account, role));
};

const ruleDeadLetters: Walker = (at) => hands(at, 'dead letters of a rule', events(at.account, at.from), ['AWS::SQS::Queue']);

const roleOfRule: Walker = ({ account, from, arn }) => trusted(account, from, arn, 'events.amazonaws.com');

/**
 * Topics hand to queues and functions; what goes by mail, SMS or HTTP needs no right in the
 * account.
 */
const subscription: Walker = (at) => {
  const { account, from } = at;
  const topic = String(account.read(from, 'TopicArn'));
  return hands(at, 'topic', service('sns.amazonaws.com', topic), ['AWS::SQS::Queue', 'AWS::Lambda::Function']);
};

const subscriptionDeadLetters: Walker = (at) =>
  hands(at, 'dead letters of a topic', service('sns.amazonaws.com', String(at.account.read(at.from, 'TopicArn'))), [
    'AWS::SQS::Queue',
  ]);

/**
 * SQS moves dead letters by itself, within an account and region, unless the queue they go to names
 * other sources.
 */
const redrive: Walker = ({ account, from, arn }) => {
  const target = account.byArn(arn);
  if (target === undefined) return [{ kind: 'dead letters of a queue', from: from.id, to: arn, refused: [], outside: true }];
  const allows = account.read(target, 'RedriveAllowPolicy') as
    | { redrivePermission: string; sourceQueueArns?: string[] }
    | undefined;
  const source = account.resolver.arnOf(from.id);
  const may = allows === undefined || allows.redrivePermission === 'allowAll' || (allows.sourceQueueArns ?? []).includes(source);
  const refused = may ? [] : [`RedriveAllowPolicy of ${target.id} does not name ${from.id}`];
  return [{ kind: 'dead letters of a queue -> queue', from: from.id, to: target.id, refused }];
};

/**
 * Whoever has the address: two rights, of which the second has been asked for only since October
 * 2025.
 */
const publicUrl: Walker = ({ account, from, place, arn }) => {
  const target = account.byArn(arn);
  if (target?.type !== 'AWS::Lambda::Function') throw notKnown(place, `to ${arn}`);
  if (account.read(from, 'AuthType') !== 'NONE') throw notKnown(place, 'with another AuthType than NONE');
  const ask = (action: string, context: Context) => refusal(account, { party: { kind: 'anyone', context }, action, target });
  const reasons = [
    ask('lambda:InvokeFunctionUrl', { 'lambda:FunctionUrlAuthType': 'NONE' }),
    ask('lambda:InvokeFunction', { 'lambda:InvokedViaFunctionUrl': 'true' }),
  ];
  return [{ kind: 'address -> function', from: from.id, to: target.id, refused: reasons.filter((one) => one !== undefined) }];
};

export const walkersOfServices = {
  alarm,
  ruleTarget,
  ruleDeadLetters,
  roleOfRule,
  subscription,
  subscriptionDeadLetters,
  redrive,
  publicUrl,
};
