import * as z from 'zod';
import { secretName } from '../../vocabulary/schema-parts.ts';
import { positiveDuration } from '../../vocabulary/units.ts';

/** What settings.pageLinks holds. */
export const pageLinksSchema = z.strictObject({
  secret: secretName
    .optional()
    .describe(
      'Name of the secret that signs links in pages: 32 characters or more, such as of `openssl rand -hex 32`, and another one than that of `signIn`. During a rotation it holds two, separated by a comma or line break: the first signs, both are valid. Without it, one machine makes a key of its own, and on AWS pages have no such links.',
    ),
  lasts: positiveDuration.prefault('24h').describe('How long a link in a page works after the page was decided.'),
  acknowledge: z.boolean().prefault(true).describe('Whether pages have a link that acknowledges without signing in.'),
  chart: z.boolean().prefault(true).describe('Whether pages have a chart, which whoever has its link may see.'),
});

export type PageLinksConfig = z.output<typeof pageLinksSchema>;
