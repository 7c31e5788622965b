import * as z from 'zod';
import { text } from '../../../vocabulary/stored-parts.ts';
import type { ContactKindOf } from '../contact-kind.ts';

/** `topic`: an ARN, or `default` for the deployment's topic. */
export type SnsContact = { kind: 'sns'; topic: string };

export const snsContact = {
  input: z.string().describe('Topic ARN; `default` is the topic of the deployment.'),
  fromInput: (topic) => ({ kind: 'sns', topic }),
  stored: z.object({ kind: z.literal('sns'), topic: text }),
  key: ({ topic }) => `sns:${topic}`,
  receiver: ({ topic }) => `sns:${topic}`,
  text: ({ topic }) => `sns ${topic}`,
  disturbsSame: (a, b) => a.topic === b.topic,
  secrets: () => [],
  // The deployment grants access to its own topic.
  permissions: ({ topic }) => (topic === 'default' ? [] : [{ actions: ['sns:Publish'], on: { by: 'arn', arn: topic } }]),
  missing: () => undefined,
  awsFault: () => undefined,
} satisfies ContactKindOf<SnsContact, z.ZodString>;
