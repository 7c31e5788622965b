import { createSign, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';

export type Claims = { email?: string; email_verified?: boolean; name?: string; groups?: string[] };

/** An OpenID provider that knows these people, and what it may be made to say wrongly. */
export type OpenIdProvider = {
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** Changes what is in the ID token, signed again by the key of the provider. */
  bend(change: ((token: Record<string, unknown>) => Record<string, unknown>) | undefined): void;
  /** Signs by a key that is not the provider's. */
  forge(on: boolean): void;
  /** Signs somebody in there, as their browser does; the address that it comes back to. */
  visit(address: string, account: string): Promise<string>;
  close(): Promise<void>;
};

const [clientId, clientSecret] = ['tocsin', 'the-secret-of-the-client'];

export async function openIdProvider(people: Record<string, Claims>, redirectUri: string): Promise<OpenIdProvider> {
  const [own, foreign] = [
    generateKeyPairSync('rsa', { modulusLength: 2048 }),
    generateKeyPairSync('rsa', { modulusLength: 2048 }),
  ];
  let bend: ((token: Record<string, unknown>) => Record<string, unknown>) | undefined;
  let forged = false;
  // What comes before the provider can change what it answers, since the provider itself does no
  // wrong.
  const front = createServer();
  const issuer = await listening(front);
  const provider = new Provider(issuer, {
    clients: [{ client_id: clientId, client_secret: clientSecret, redirect_uris: [redirectUri] }],
    jwks: { keys: [{ ...own.privateKey.export({ format: 'jwk' }), kid: 'own', alg: 'RS256', use: 'sig' } as never] },
    cookies: { keys: ['a-key-of-cookies'] },
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'], groups: ['groups'] },
    scopes: ['openid', 'email', 'profile', 'groups'],
    pkce: { required: () => true },
    findAccount: async (_, sub) =>
      people[sub] === undefined ? undefined : { accountId: sub, claims: async () => ({ sub, ...people[sub] }) },
  });
  provider.on('server_error', (_, error) => process.stderr.write(`${String(error)}\n`));
  const behind = createServer(provider.callback());
  const inner = await listening(behind);
  const sign = (token: Record<string, unknown>, key: KeyObject): string => {
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const text = `${part({ alg: 'RS256', typ: 'JWT', kid: 'own' })}.${part(token)}`;
    return `${text}.${createSign('RSA-SHA256').update(text).sign(key).toString('base64url')}`;
  };
  front.on('request', async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method = 'GET', url = '/', headers } = request;
    const sent = Object.entries(headers).filter(
      ([name]) => !['connection', 'content-length', 'host', 'transfer-encoding'].includes(name),
    );
    const answer = await fetch(`${inner}${url}`, {
      method,
      redirect: 'manual',
      headers: { ...(Object.fromEntries(sent) as Record<string, string>), host: new URL(issuer).host },
      ...(method === 'POST' && { body: Buffer.concat(chunks) }),
    });
    let text = (await answer.text()).replaceAll(inner, issuer);
    if (url === '/token' && answer.ok && (bend !== undefined || forged)) {
      const body = JSON.parse(text) as { id_token: string };
      const token = JSON.parse(Buffer.from(body.id_token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>;
      text = JSON.stringify({ ...body, id_token: sign(bend?.(token) ?? token, forged ? foreign.privateKey : own.privateKey) });
    }
    for (const name of ['content-type', 'location']) {
      const value = answer.headers.get(name);
      if (value !== null) response.setHeader(name, value.replaceAll(inner, issuer));
    }
    response.setHeader('set-cookie', answer.headers.getSetCookie());
    response.writeHead(answer.status).end(text);
  });

  return {
    issuer,
    clientId,
    clientSecret,
    bend: (change) => {
      bend = change;
    },
    forge: (on) => {
      forged = on;
    },
    async visit(address, account) {
      const cookies = new Map<string, string>();
      let [next, form]: [string, string | undefined] = [address, undefined];
      for (let steps = 0; steps < 15; steps += 1) {
        const answer: Response = await fetch(next, {
          redirect: 'manual',
          headers: {
            cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
            ...(form !== undefined && { 'content-type': 'application/x-www-form-urlencoded' }),
          },
          ...(form !== undefined && { method: 'POST', body: form }),
        });
        for (const line of answer.headers.getSetCookie()) {
          const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
          cookies.set(name, value);
        }
        const location = answer.headers.get('location');
        form = undefined;
        if (location !== null) {
          next = new URL(location, next).href;
          if (!next.startsWith(issuer)) return next;
          continue;
        }
        const page = await answer.text();
        const [, action, prompt] = /<form[^>]*action="([^"]+)"[\s\S]*?name="prompt" value="(\w+)"/.exec(page) ?? [];
        if (action === undefined || prompt === undefined) throw new Error(`${answer.status} ${next}: ${page.slice(0, 500)}`);
        form = new URLSearchParams({ prompt, ...(prompt === 'login' && { login: account, password: 'any' }) }).toString();
        next = new URL(action, next).href;
      }
      throw new Error('the provider leads in circles');
    },
    close: async () => {
      for (const server of [front, behind]) {
        server.closeAllConnections();
        await new Promise((closed) => server.close(closed));
      }
    },
  };
}

function listening(server: Server): Promise<string> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
  });
}
