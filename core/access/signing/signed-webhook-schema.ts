import * as z from 'zod';
import { httpUrl, secretName } from '../../vocabulary/schema-parts.ts';

/**
 * A URL that signed JSON is posted to. docs/webhooks.md says how a receiver checks the signature.
 */
export const signedWebhook = z.strictObject({
  url: httpUrl.describe('The URL that signed JSON is posted to.'),
  secret: secretName.describe('Name of the secret that signs the request.'),
});
