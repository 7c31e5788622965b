/** The queues between decision and delivery on AWS. */
export const workQueueNames = ['urgent', 'pages', 'slow', 'rollbacks', 'wakes'] as const;
export type WorkQueueName = (typeof workQueueNames)[number];

/** The environment variable that tells a function the URL of a queue. */
export const queueVariable = (name: WorkQueueName): string => `TOCSIN_${name.toUpperCase()}_QUEUE`;
