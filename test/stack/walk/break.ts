import { synthesise } from '../synthesise.ts';
import type { Resource, TemplateJson } from './resolve.ts';

export type Json = Record<string, unknown>;
type Statements = { Statement: Json[] };

export const whole = synthesise().toJSON() as TemplateJson;

/** Resources of a type whose id contains `part`; there has to be one. */
export function some(template: TemplateJson, type: string, part = ''): [string, Json][] {
  const found = Object.entries(template.Resources).filter(([id, { Type }]) => Type === type && id.includes(part));
  if (found.length === 0) throw new Error(`no ${type} with ${part} in its id`);
  return found.map(([id, { Properties }]) => [id, Properties as Json]);
}

export const propertiesOf = (template: TemplateJson, type: string, part = ''): Json =>
  (some(template, type, part)[0] as [string, Json])[1];

export function remove(template: TemplateJson, type: string, part = ''): void {
  for (const [id] of some(template, type, part)) delete template.Resources[id];
}

/** Changes the statements that have these words in them; there has to be one. */
export function statements(properties: Json, document: string, words: string, change: (statement: Json) => Json[]): void {
  const policy = properties[document] as Statements;
  const meant = policy.Statement.filter((one) => JSON.stringify(one).includes(words));
  if (meant.length === 0) throw new Error(`no statement with ${words}`);
  policy.Statement = policy.Statement.flatMap((one) => (meant.includes(one) ? change(one) : [one]));
}

export const gone = (): Json[] => [];
export const without = (action: string) => (statement: Json) => [
  { ...statement, Action: [statement['Action']].flat().filter((one) => one !== action) },
];
export const topicPolicy = (template: TemplateJson) => propertiesOf(template, 'AWS::SNS::TopicPolicy', 'TopicsFaults');
export const key = (template: TemplateJson) => propertiesOf(template, 'AWS::KMS::Key');
export const rights = (template: TemplateJson, part: string) => propertiesOf(template, 'AWS::IAM::Policy', part);
export const add = (template: TemplateJson, id: string, resource: Resource) => {
  template.Resources[id] = resource;
};
