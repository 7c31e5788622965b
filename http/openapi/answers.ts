import type * as z from 'zod';
import type { ZodOpenApiResponseObject } from 'zod-openapi';
import { errorSchema, notSignedInSchema } from '../api/dto/error.ts';

type Answer = ZodOpenApiResponseObject;
type Answers = Record<string, Answer>;

export const retryAfter = {
  'Retry-After': { description: 'Seconds to wait.', required: true, schema: { type: 'integer' as const } },
};

/** The headers of a key that has a rate. */
export const rateHeaders = {
  'RateLimit-Policy': {
    description: 'The allowance of the key (draft-ietf-httpapi-ratelimit-headers-10), where it has one.',
    schema: { type: 'string' as const },
    example: '"prometheus";q=600;w=60',
  },
  RateLimit: {
    description: 'What is left of it, and in how many seconds it is full again.',
    schema: { type: 'string' as const },
    example: '"prometheus";r=598;t=1',
  },
} satisfies Answer['headers'];

/** Of what people look at. */
export const entityTagHeader = {
  ETag: {
    description: 'Of what the answer says, whatever its time `at`; for `If-None-Match`.',
    required: true,
    schema: { type: 'string' as const },
    example: 'W/"a3f0c1b2d4e5f60718293a4b"',
  },
} satisfies Answer['headers'];

/** JSON with an example. */
export const json = (schema: z.ZodType, description: string, example: unknown, headers: Answer['headers'] = {}): Answer => ({
  description,
  ...(Object.keys(headers).length > 0 && { headers }),
  content: { 'application/json': { schema, example } },
});

/** A refusal: `{ "error": ... }`. */
export const refusal = (description: string, error: string, headers: Answer['headers'] = {}): Answer =>
  json(errorSchema, description, { error }, headers);

/** A refusal that many addresses answer alike. */
const shared = (id: string, description: string, error: string, headers: Answer['headers'] = {}): Answer => ({
  id,
  ...refusal(description, error, headers),
});

/** The client has it already. */
export const unchanged = {
  '304': {
    id: 'Unchanged',
    description: 'What the client received with this `ETag` still holds, but for its time `at`.',
    headers: entityTagHeader,
  },
} satisfies Answers;

const signIn = (example: string) => ({ 'WWW-Authenticate': { required: true, schema: { type: 'string' as const }, example } });

/** What any request that reaches the store may be answered. */
export const faults = {
  '500': shared(
    'Fault',
    'An error inside Tocsin.',
    'internal error; the log has the details, and nothing that was accepted is lost',
  ),
  '503': shared(
    'Unavailable',
    'The store cannot be used now, or a secret has no value. Nothing was changed; retry.',
    'write conflict: others are changing the same thing; nothing was changed, retry',
    retryAfter,
  ),
} satisfies Answers;

/** What a browser from elsewhere is answered, at every address. */
export const foreignOnly = {
  '403': shared(
    'Foreign',
    'Sent by a web page of another origin, or to a host name that is not ours.',
    'a page of https://example.com may not post here',
  ),
} satisfies Answers;

/** What people are answered who may not see the API. */
export const peopleOnly = {
  '401': {
    id: 'NotSignedIn',
    ...json(
      notSignedInSchema,
      'Nobody is signed in: no session, and no web password or a wrong one. `Retry-After` is there after too many wrong ones, and then none is looked at.',
      { error: 'expected a user name of your choice and the web password', signIn: '/signin' },
      {
        ...signIn('Basic realm="Tocsin", charset="UTF-8"'),
        'Retry-After': { description: 'Seconds to wait.', schema: { type: 'integer' as const } },
      },
    ),
  },
  '403': shared(
    'NotAllowed',
    'The API is closed here, the role of the person is too low, or a web page of another origin sent it.',
    'the incident pages are closed here: settings.webPassword names no secret; use Slack or the command line',
  ),
} satisfies Answers;

/** What senders are answered whose key is not good for what they send. */
export const sendersOnly = {
  '401': shared(
    'NoGoodKey',
    'The ingest key is missing or unknown.',
    'expected the ingest key as a bearer token (Authorization: Bearer KEY) or as the password of Basic auth',
    signIn('Bearer, Basic realm="tocsin"'),
  ),
  '403': shared(
    'KeyNotAllowed',
    'The key may not send this, or not to this source; ingest is closed; or a web page of another origin sent it.',
    'ingest is closed: settings.ingestKeys names no key',
  ),
  '429': shared(
    'PastRate',
    'The key has used up its rate.',
    'the key prometheus may send 600 requests a minute; try again in 1 s',
    {
      ...retryAfter,
      ...rateHeaders,
    },
  ),
} satisfies Answers;

/** The body is larger than the address takes. */
export const tooLarge = (error: string) =>
  ({ '413': refusal('The body is larger than this address takes.', error) }) satisfies Answers;

export const compressed = {
  '415': shared(
    'Compressed',
    'The body is compressed; send it as it is.',
    'expected a body without content encoding; received gzip',
  ),
} satisfies Answers;
