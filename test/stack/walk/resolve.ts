import { Unknown } from './unknown.ts';

export type Resource = { Type: string; Properties?: Record<string, unknown> };
export type TemplateJson = {
  Resources: Record<string, Resource>;
  Parameters?: Record<string, { Default?: unknown }>;
};

/** The account that a template is imagined in. */
export const here = { partition: 'aws', account: '111122223333', region: 'eu-central-1' } as const;

const regional = (service: string, rest: string): string =>
  `arn:${here.partition}:${service}:${here.region}:${here.account}:${rest}`;
const global = (service: string, rest: string): string => `arn:${here.partition}:${service}::${here.account}:${rest}`;

/**
 * How AWS names what a template makes: the ARN, what `Ref` gives, and the attributes that are not
 * the ARN.
 */
type Kind = {
  nameIn?: string;
  arn(name: string): string;
  ref?(name: string, arn: string): string;
  attributes?: Record<string, (name: string, arn: string) => string>;
};

const kinds: Record<string, Kind> = {
  'AWS::CloudWatch::Alarm': { nameIn: 'AlarmName', arn: (name) => regional('cloudwatch', `alarm:${name}`) },
  'AWS::DynamoDB::Table': {
    nameIn: 'TableName',
    arn: (name) => regional('dynamodb', `table/${name}`),
    attributes: { StreamArn: (_, arn) => `${arn}/stream/2026-01-01T00:00:00.000` },
  },
  'AWS::Events::Rule': { nameIn: 'Name', arn: (name) => regional('events', `rule/${name}`) },
  'AWS::IAM::Role': { nameIn: 'RoleName', arn: (name) => global('iam', `role/${name}`) },
  'AWS::KMS::Key': { arn: (name) => regional('kms', `key/${name}`) },
  'AWS::Lambda::Function': { nameIn: 'FunctionName', arn: (name) => regional('lambda', `function:${name}`) },
  'AWS::Lambda::Url': {
    arn: (name) => regional('lambda', `url:${name}`),
    attributes: { FunctionUrl: (name) => `https://${name.toLowerCase()}.lambda-url.${here.region}.on.aws/` },
  },
  'AWS::Logs::LogGroup': { nameIn: 'LogGroupName', arn: (name) => regional('logs', `log-group:${name}:*`) },
  'AWS::SNS::Topic': {
    nameIn: 'TopicName',
    arn: (name) => regional('sns', name),
    ref: (_, arn) => arn,
    attributes: { TopicArn: (_, arn) => arn, TopicName: (name) => name },
  },
  'AWS::SQS::Queue': {
    nameIn: 'QueueName',
    arn: (name) => regional('sqs', name),
    ref: (name) => `https://sqs.${here.region}.amazonaws.com/${here.account}/${name}`,
    attributes: {
      QueueName: (name) => name,
      QueueUrl: (name) => `https://sqs.${here.region}.amazonaws.com/${here.account}/${name}`,
    },
  },
};

const pseudo: Record<string, string> = {
  'AWS::AccountId': here.account,
  'AWS::Partition': here.partition,
  'AWS::Region': here.region,
  'AWS::URLSuffix': 'amazonaws.com',
  'AWS::StackName': 'Stack',
};

/** Turns references and joins of a template into the names and ARNs that an account would have. */
export class Resolver {
  readonly #template: TemplateJson;

  constructor(template: TemplateJson) {
    this.#template = template;
  }

  arnOf(id: string): string {
    return this.attribute(id, 'Arn');
  }

  ref(id: string): string {
    const known = pseudo[id];
    if (known !== undefined) return known;
    const parameter = this.#template.Parameters?.[id];
    if (parameter !== undefined) return String(parameter.Default ?? id);
    const { name, kind } = this.#named(id);
    return kind.ref?.(name, kind.arn(name)) ?? name;
  }

  attribute(id: string, attribute: string): string {
    const { name, kind, type } = this.#named(id);
    const arn = kind.arn(name);
    const value = attribute === 'Arn' ? arn : kind.attributes?.[attribute]?.(name, arn);
    if (value === undefined) throw new Unknown(`the walk does not know the attribute ${attribute} of ${type} ${id}`);
    return value;
  }

  /** All the way down, so that policy documents come out whole. */
  resolve(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((one) => this.resolve(one));
    if (value === null || typeof value !== 'object') return value;
    const call = intrinsicOf(value);
    if (call === undefined) return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, this.resolve(one)]));
    const [name, argument] = call;
    switch (name) {
      case 'Ref':
        return this.ref(String(argument));
      case 'Fn::GetAtt': {
        const [id = '', attribute = ''] = Array.isArray(argument) ? argument.map(String) : String(argument).split(/\.(.*)/s);
        return this.attribute(id, attribute);
      }
      case 'Fn::Join': {
        const [separator, parts] = argument as [string, unknown[]];
        return parts.map((part) => String(this.resolve(part))).join(separator);
      }
      case 'Fn::Sub':
        return String(argument).replace(/\$\{([^}]+)\}/g, (_, inner: string) =>
          inner.includes('.') ? this.attribute(...(inner.split(/\.(.*)/s) as [string, string])) : this.ref(inner),
        );
      case 'Fn::Select': {
        const [at, list] = argument as [number | string, unknown];
        return (this.resolve(list) as unknown[])[Number(at)];
      }
      case 'Fn::Split': {
        const [separator, text] = argument as [string, unknown];
        return String(this.resolve(text)).split(separator);
      }
      default:
        throw new Unknown(`the walk does not know what ${name} gives: ${JSON.stringify(argument)}`);
    }
  }

  #named(id: string): { name: string; kind: Kind; type: string } {
    const resource = this.#template.Resources[id];
    if (resource === undefined) throw new Unknown(`the template has no resource ${id}`);
    const kind = kinds[resource.Type];
    if (kind === undefined) throw new Unknown(`the walk does not know how AWS names ${resource.Type} ${id}`);
    const given = kind.nameIn === undefined ? undefined : resource.Properties?.[kind.nameIn];
    return { name: given === undefined ? id : String(this.resolve(given)), kind, type: resource.Type };
  }
}

/** `{ Ref: ... }` or `{ 'Fn::...': ... }`. */
export function intrinsicOf(value: object): [string, unknown] | undefined {
  const [entry, ...others] = Object.entries(value);
  return others.length === 0 && entry !== undefined && (entry[0] === 'Ref' || entry[0].startsWith('Fn::')) ? entry : undefined;
}
