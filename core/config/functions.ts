/** What each deployed function does, in its description on AWS: `Tocsin STAGE: pages people`. */
export const functionWork = {
  evaluate: 'judges every rule that is due',
  sweep: 'finds what stream and timers missed',
  wake: 'looks at incidents whose time has come',
  dispatch: 'puts new outbox messages into their queues',
  deliver: 'pages people',
  rollback: 'asks what is deployed, and rolls back',
  ingest: 'takes records',
  slack: 'answers Slack',
  web: 'shows runbooks and incidents',
  judge: 'judges one rule on demand',
} as const;

export type FunctionName = keyof typeof functionWork;
export const functionNames = Object.keys(functionWork) as FunctionName[];

/** The environment variable that tells a function the name of another. */
export const functionVariable = (name: FunctionName): string => `TOCSIN_${name.toUpperCase()}_FUNCTION`;

/** The description of a function of a stage. */
export const describedAs = (stage: string, name: FunctionName): string => `Tocsin ${stage}: ${functionWork[name]}`;
