import { listOf } from './conditions.ts';
import type { Statement } from './policy.ts';
import { here, Resolver, type Resource, type TemplateJson } from './resolve.ts';
import { Unknown } from './unknown.ts';

/** A resource with its references resolved where they are asked for. */
export type Found = { id: string; type: string; properties: Record<string, unknown> };

/** What others call, or act as. */
const callable = [
  'AWS::DynamoDB::Table',
  'AWS::IAM::Role',
  'AWS::KMS::Key',
  'AWS::Lambda::Function',
  'AWS::Logs::LogGroup',
  'AWS::SNS::Topic',
  'AWS::SQS::Queue',
];

/**
 * The account that a template makes: which resource an ARN means, and the policies that are about
 * it.
 */
export class Account {
  readonly resolver: Resolver;
  readonly #resources: [string, Resource][];
  readonly #byArn: ReadonlyMap<string, Found>;

  constructor(template: TemplateJson) {
    this.resolver = new Resolver(template);
    this.#resources = Object.entries(template.Resources);
    this.#byArn = new Map(this.all(...callable).map((found) => [this.resolver.arnOf(found.id), found]));
  }

  all(...types: string[]): Found[] {
    return this.#resources
      .filter(([, { Type }]) => types.includes(Type))
      .map(([id, { Type, Properties = {} }]) => ({ id, type: Type, properties: Properties }));
  }

  /** A property, resolved; undefined where the resource has none. */
  read(found: Found, property: string): unknown {
    return this.resolver.resolve(found.properties[property]);
  }

  /** What an ARN means here; undefined when it is of another template, or another account. */
  byArn(arn: string): Found | undefined {
    return this.#byArn.get(arn);
  }

  /** What a value of an environment variable means: an ARN, an address or a name. */
  byReference(value: string): Found | undefined {
    return this.byArn(value) ?? [...this.#byArn.values()].find(({ id }) => this.resolver.ref(id) === value);
  }

  /** All that a role may, by policies of its own and by those that are attached to it. */
  rightsOf(role: Found): Statement[] {
    if (role.properties['ManagedPolicyArns'] !== undefined)
      throw new Unknown(`the walk cannot read the managed policies of ${role.id}`);
    const own = (this.read(role, 'Policies') ?? []) as { PolicyDocument: unknown }[];
    const attached = this.all('AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy').filter((policy) =>
      listOf(this.read(policy, 'Roles') ?? []).includes(this.resolver.ref(role.id)),
    );
    return [
      ...own.flatMap(({ PolicyDocument }) => statementsOf(PolicyDocument)),
      ...attached.flatMap((policy) => statementsOf(this.read(policy, 'PolicyDocument'))),
    ];
  }

  trustOf(role: Found): Statement[] {
    return statementsOf(this.read(role, 'AssumeRolePolicyDocument'));
  }

  /**
   * The policy of a resource itself. An explicit one replaces what AWS gives by default, which only
   * topics have: with it the account's own alarms may publish, and with a policy of one Deny they
   * may not.
   */
  policyOf(resource: Found): Statement[] {
    switch (resource.type) {
      case 'AWS::SNS::Topic':
        return this.#attachedPolicy(resource, 'AWS::SNS::TopicPolicy', 'Topics') ?? [defaultOfTopics];
      case 'AWS::SQS::Queue':
        return this.#attachedPolicy(resource, 'AWS::SQS::QueuePolicy', 'Queues') ?? [];
      case 'AWS::KMS::Key':
        return statementsOf(this.read(resource, 'KeyPolicy'));
      case 'AWS::Lambda::Function':
        return this.all('AWS::Lambda::Permission').flatMap((permission) => this.#permission(permission, resource));
      default:
        return [];
    }
  }

  #attachedPolicy(resource: Found, type: string, property: string): Statement[] | undefined {
    const policies = this.all(type).filter((policy) =>
      listOf(this.read(policy, property) ?? []).includes(this.resolver.ref(resource.id)),
    );
    if (policies.length > 1)
      throw new Unknown(
        `${policies.map(({ id }) => id).join(' and ')} are both the policy of ${resource.id}: one replaces the other`,
      );
    const [policy] = policies;
    return policy === undefined ? undefined : statementsOf(this.read(policy, 'PolicyDocument'));
  }

  /** A permission of Lambda is a statement of the function's policy, in other words. */
  #permission(permission: Found, { id }: Found): Statement[] {
    const given = (property: string): string | undefined => this.read(permission, property) as string | undefined;
    const arn = this.resolver.arnOf(id);
    if (![arn, this.resolver.ref(id)].includes(String(given('FunctionName')))) return [];
    const strange = Object.keys(permission.properties).filter((key) => !permissionKeys.has(key));
    if (strange.length > 0) throw new Unknown(`the walk does not know ${strange.join(', ')} in the permission ${permission.id}`);
    const principal = String(given('Principal'));
    const when = (key: string, property: string) => (given(property) === undefined ? {} : { [key]: String(given(property)) });
    return [
      {
        Effect: 'Allow',
        Action: given('Action'),
        Resource: arn,
        Principal: principal === '*' ? '*' : principal.endsWith('.amazonaws.com') ? { Service: principal } : { AWS: principal },
        Condition: {
          ArnLike: when('aws:SourceArn', 'SourceArn'),
          StringEquals: {
            ...when('aws:SourceAccount', 'SourceAccount'),
            ...when('lambda:FunctionUrlAuthType', 'FunctionUrlAuthType'),
          },
          Bool: when('lambda:InvokedViaFunctionUrl', 'InvokedViaFunctionUrl'),
        },
      },
    ];
  }
}

const permissionKeys = new Set([
  'Action',
  'FunctionName',
  'FunctionUrlAuthType',
  'InvokedViaFunctionUrl',
  'Principal',
  'SourceAccount',
  'SourceArn',
]);

/** The part of SNS's default policy that others than the owner's own roles live by. */
const defaultOfTopics: Statement = {
  Effect: 'Allow',
  Action: ['sns:Publish', 'sns:Subscribe', 'sns:Receive'],
  Resource: '*',
  Principal: { AWS: '*' },
  Condition: { StringEquals: { 'aws:SourceOwner': here.account } },
};

function statementsOf(document: unknown): Statement[] {
  const { Statement: given } = document as { Statement: Statement | Statement[] };
  return Array.isArray(given) ? given : [given];
}
