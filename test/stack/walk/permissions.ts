import { type DeployedPlaces, deployedArn } from '../../../core/config/deployed-arn.ts';
import { describedAs, type FunctionName, functionNames } from '../../../core/config/functions.ts';
import { type PermissionQuestion, permissionQuestions } from '../../../core/config/permission-questions.ts';
import type { Config } from '../../../core/config/schema.ts';
import { queueVariable, workQueueNames } from '../../../core/vocabulary/work-queues.ts';
import { Account, type Found } from './account.ts';
import type { Context } from './conditions.ts';
import { answerOf } from './policy.ts';
import { here, type TemplateJson } from './resolve.ts';

/** A question that the policies of a template answer otherwise than they should. */
export type Amiss = {
  of: FunctionName;
  action: string;
  arn: string;
  keys?: readonly string[] | undefined;
  wanted: PermissionQuestion['wanted'];
};

/**
 * Asks the roles of a template what `tocsin doctor --deployed` asks of those of an account: the
 * same questions, answered by the documents themselves rather than by IAM.
 */
export function amissIn(template: TemplateJson, config: Config, stage = 'prod'): { asked: number; amiss: Amiss[] } {
  const account = new Account(template);
  const functions = account.all('AWS::Lambda::Function');
  const questions = permissionQuestions(config);
  let asked = 0;
  const amiss = functionNames.flatMap((of) => {
    const described = functions.find((one) => account.read(one, 'Description') === describedAs(stage, of));
    if (described === undefined) throw new Error(`the template has no function ${of}`);
    const role = account.byArn(String(account.read(described, 'Role'))) as Found;
    const statements = account.rightsOf(role);
    const caller = { kind: 'role', arn: account.resolver.arnOf(role.id), account: here.account } as const;
    const places = placesOf(account, described, stage);
    return questions[of].flatMap(({ action, on, beside, keys, wanted }): Amiss[] => {
      asked += 1;
      const resource = deployedArn(on, places, beside);
      const context: Context = keys === undefined ? {} : { 'dynamodb:LeadingKeys': keys };
      const isAllowed = answerOf(statements, { caller, action, resource, context }) === 'allow';
      return isAllowed === (wanted === 'allowed') ? [] : [{ of, action, arn: resource, keys, wanted }];
    });
  });
  return { asked, amiss };
}

function placesOf(account: Account, one: Found, stage: string): DeployedPlaces {
  const { resolver } = account;
  const only = (type: string, part = ''): string => account.all(type).find(({ id }) => id.includes(part))?.id ?? '';
  const table = only('AWS::DynamoDB::Table');
  const sweep = account
    .all('AWS::Lambda::Function')
    .find((each) => account.read(each, 'Description') === describedAs(stage, 'sweep'));
  const { Variables } = account.read(sweep as Found, 'Environment') as { Variables: Record<string, string> };
  const queueOf = (variable: string): string => resolver.arnOf(account.byReference(Variables[variable] ?? '')?.id ?? '');
  const { LogGroup } = account.read(one, 'LoggingConfig') as { LogGroup: string };
  return {
    ...here,
    table: resolver.arnOf(table),
    stream: resolver.attribute(table, 'StreamArn'),
    queues: Object.fromEntries(workQueueNames.map((name) => [name, queueOf(queueVariable(name))])) as DeployedPlaces['queues'],
    pagesTopic: resolver.arnOf(only('AWS::SNS::Topic', 'Pages')),
    topicsKey: resolver.arnOf(only('AWS::KMS::Key')),
    functions: Object.fromEntries(
      account
        .all('AWS::Lambda::Function')
        .flatMap((each) =>
          functionNames.flatMap((name) =>
            account.read(each, 'Description') === describedAs(stage, name) ? [[name, resolver.arnOf(each.id)]] : [],
          ),
        ),
    ),
    logGroup: LogGroup,
    secretsPrefix: `tocsin/${stage}/`,
  };
}
