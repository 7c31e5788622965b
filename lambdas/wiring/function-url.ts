import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';

/** A web application such as Hono's: standard request in, standard response out. */
export type FetchApp = { fetch(request: Request, env?: { sourceAddress: string }): Response | Promise<Response> };

/**
 * Answers a Function URL event (payload format 2.0) with a web application. The body arrives byte
 * for byte, also if Lambda encoded it as base64, because signatures cover it.
 */
export async function answer(app: FetchApp, event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> {
  if (isBroken(event)) return notWhole;
  const response = await app.fetch(requestOf(event), { sourceAddress: event.requestContext.http.sourceIp });
  const headers: Record<string, string> = {};
  response.headers.forEach((value, name) => {
    if (name !== 'set-cookie') headers[name] = value;
  });
  const told = { statusCode: response.status, headers, cookies: response.headers.getSetCookie() };
  // What is compressed is no text, and an image is none.
  if (response.headers.has('content-encoding') || /^image\/(?!svg)/.test(response.headers.get('content-type') ?? ''))
    return { ...told, body: Buffer.from(await response.arrayBuffer()).toString('base64'), isBase64Encoded: true };
  return { ...told, body: await response.text() };
}

/**
 * AWS takes bodies of text/* and application/json for text in UTF-8, which what is compressed is
 * not.
 */
const isBroken = ({ headers, isBase64Encoded, body = '' }: APIGatewayProxyEventV2): boolean =>
  !isBase64Encoded && body !== '' && !['', 'identity'].includes((headers['content-encoding'] ?? '').trim().toLowerCase());

const notWhole: APIGatewayProxyStructuredResultV2 = {
  statusCode: 415,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({
    error:
      'expected a body without content encoding; AWS takes compressed JSON for text, and it does not arrive whole: send it as it is, or in protobuf',
  }),
};

function requestOf({
  requestContext,
  rawPath,
  rawQueryString,
  headers: given,
  cookies,
  body,
  isBase64Encoded,
}: APIGatewayProxyEventV2): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(given)) if (value !== undefined) headers.set(name, value);
  if (cookies !== undefined) headers.set('cookie', cookies.join('; '));
  const query = rawQueryString === '' ? '' : `?${rawQueryString}`;
  // A fixed host comes first: a path that starts with two slashes must not become the host.
  const url = new URL(`https://${requestContext.domainName}${rawPath}${query}`);
  const { method } = requestContext.http;
  const bodyless = method === 'GET' || method === 'HEAD' || body === undefined;
  return new Request(url, { method, headers, body: bodyless ? undefined : isBase64Encoded ? Buffer.from(body, 'base64') : body });
}
