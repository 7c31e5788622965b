import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type { TocsinProps } from '../../lib/tocsin.ts';
import { TocsinStack } from '../../lib/tocsin-stack.ts';
import { parsedConfig } from './example-config.ts';

/** Bundling is skipped: esbuild has tests of its own, and these are about the template. */
export const unbundled = { 'aws:cdk:bundling-stacks': [] };

export type Statement = { Effect: string; Action: string | string[]; Resource: unknown; Condition?: unknown };
type Resource = { Type: string; Properties: Record<string, unknown>; DeletionPolicy?: string };

let plain: Template | undefined;

/** The stack of `awsConfig`. Without props it is made once for many files; nobody changes it. */
export function synthesise(props?: Partial<TocsinProps>): Template {
  if (props !== undefined) return synthesiseAnew(props);
  plain ??= synthesiseAnew({});
  return plain;
}

function synthesiseAnew(props: Partial<TocsinProps>): Template {
  const app = new App({ context: unbundled });
  return Template.fromStack(new TocsinStack(app, 'Tocsin', { config: parsedConfig(), ...props }));
}

export function resourcesOf(template: Template, type: string): [string, Resource][] {
  return Object.entries(template.findResources(type)) as [string, Resource][];
}

/** Logical id of the one resource of a type whose id contains `part`. */
export function idOf(template: Template, type: string, part: string): string {
  const found = resourcesOf(template, type).filter(([id]) => id.includes(part));
  if (found.length !== 1)
    throw new Error(`expected one ${type} with ${part} in its id; found ${found.map(([id]) => id).join(', ') || 'none'}`);
  return (found[0] as [string, Resource])[0];
}

/** What the role of a function may do, by the file name of its entry. */
export function rightsOf(template: Template, description: string): Statement[] {
  const role = roleOf(template, description);
  return resourcesOf(template, 'AWS::IAM::Policy')
    .filter(([, { Properties }]) => JSON.stringify(Properties['Roles']).includes(`"${role}"`))
    .flatMap(([, { Properties }]) => (Properties['PolicyDocument'] as { Statement: Statement[] }).Statement);
}

export function functionOf(template: Template, description: string): Record<string, unknown> {
  const found = resourcesOf(template, 'AWS::Lambda::Function').filter(([, { Properties }]) =>
    String(Properties['Description']).includes(description),
  );
  if (found.length !== 1) throw new Error(`expected one function described as "${description}"; found ${found.length}`);
  return (found[0] as [string, Resource])[1].Properties;
}

export function roleOf(template: Template, description: string): string {
  const { Role } = functionOf(template, description) as { Role: { 'Fn::GetAtt': [string, string] } };
  return Role['Fn::GetAtt'][0];
}

export const actionsOf = ({ Action }: Statement): string[] => (Array.isArray(Action) ? Action : [Action]);
