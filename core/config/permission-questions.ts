import { tableKeys } from '../vocabulary/table-keys.ts';
import { type FunctionNeeds, functionNeeds } from './function-needs.ts';
import { type FunctionName, functionNames } from './functions.ts';
import { type DeployedResource, type Right, rightsOf } from './rights.ts';
import type { Config } from './schema.ts';

/** What to ask about the role of one function, and the answer that is right. */
export type PermissionQuestion = {
  action: string;
  on: DeployedResource;
  /** It is about something beside `on`, of another name, that nobody named. */
  beside?: true;
  /** The partition keys of the items that are written. */
  keys?: readonly string[];
  /** Whether the role has to allow it, or has to refuse it. */
  wanted: 'allowed' | 'refused';
};

const keyUnder = (begin: string): string => `${begin}doctor`;
const allKeys: readonly string[] = Object.values(tableKeys.writes).flat();

/** Nobody needs these on the table: they read it whole, or end it. */
const ruinous = ['dynamodb:Scan', 'dynamodb:DeleteTable', 'dynamodb:UpdateTable', 'dynamodb:BatchWriteItem'];

/**
 * Everything to ask about the roles of a deployment. A role must allow what its function needs, and
 * refuse what only others need, what lies beside a thing that it needs, and keys that it does not
 * write. All of it follows from the rights that the roles were made from.
 */
export function permissionQuestions(config: Config): Record<FunctionName, PermissionQuestion[]> {
  const needs = functionNeeds(config);
  const rights = Object.fromEntries(functionNames.map((name) => [name, rightsOf(needs[name], config)]));
  const all = functionNames.flatMap((name) => asked(rights[name] ?? []));
  return Object.fromEntries(
    functionNames.map((name) => [name, distinct([...questionsOf(rights[name] ?? [], all), ...ruin(needs[name])])]),
  ) as Record<FunctionName, PermissionQuestion[]>;
}

type Asked = Omit<PermissionQuestion, 'wanted'>;

/** Each action of each right on each of its resources; of keys, all that it may write at once. */
const asked = (rights: readonly Right[]): Asked[] =>
  rights.flatMap(({ actions, on, keysBegin }) =>
    actions.flatMap((action) =>
      on.map((one): Asked => ({ action, on: one, ...(keysBegin === undefined ? {} : { keys: keysBegin.map(keyUnder) }) })),
    ),
  );

/** Writes without a key, and of each key that is not its own. */
const strangeKeys = (rights: readonly Right[]): Asked[] =>
  rights.flatMap(({ actions, on, keysBegin }) =>
    keysBegin === undefined
      ? []
      : actions.flatMap((action) =>
          on.flatMap((one): Asked[] => [
            { action, on: one },
            ...allKeys
              .filter((begin) => !keysBegin.includes(begin))
              .map((begin) => ({ action, on: one, keys: [keyUnder(begin)] })),
          ]),
        ),
  );

function questionsOf(rights: readonly Right[], all: readonly Asked[]): PermissionQuestion[] {
  const own = asked(rights);
  const subject = ({ action, on }: Asked): string => JSON.stringify([action, on]);
  const mine = new Set(own.map(subject));
  const everywhere = new Set(own.flatMap(({ action, on }) => (on.by === 'everything' ? [action] : [])));
  // Logs are each function's own, so what others need of theirs is not a question.
  const others = all
    .filter((one) => !mine.has(subject(one)) && !everywhere.has(one.action) && one.on.by !== 'log group')
    // One key says as much as all, of what it may not do at all.
    .map((one): Asked => (one.keys === undefined ? one : { ...one, keys: [keyUnder('incident#')] }));
  const beside = own.filter(({ on }) => on.by !== 'everything').map((one): Asked => ({ ...one, beside: true }));
  return [
    ...own.map((one) => ({ ...one, wanted: 'allowed' as const })),
    ...[...others, ...beside, ...strangeKeys(rights)].map((one) => ({ ...one, wanted: 'refused' as const })),
  ];
}

const ruin = ({ writes }: FunctionNeeds): PermissionQuestion[] =>
  writes === undefined ? [] : ruinous.map((action) => ({ action, on: { by: 'table' }, wanted: 'refused' }));

const keyOf = (question: Asked): string => JSON.stringify([question.action, question.on, question.beside, question.keys]);

const distinct = (questions: readonly PermissionQuestion[]): PermissionQuestion[] => [
  ...new Map(questions.map((question) => [keyOf(question), question])).values(),
];
