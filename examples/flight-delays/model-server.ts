import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import { keyHeader, signatureHeader, verifyBody } from '../../core/access/signing/sign.ts';

/** A stretch of time during which one version was live. */
export type Deployment = {
  version: string;
  at: number;
  by: 'deploy' | 'rollback';
  /**
   * The id of the request for a rollback, by which a repeat is recognised; absent for a release.
   */
  requestId?: string;
};

export type ModelServer = {
  /** Where the rollback hook listens. */
  url: string;
  /**
   * Makes a version live, as a release would. Throws RangeError for one that the server does not
   * hold.
   */
  deploy(version: string, at: number): void;
  /** The live version. Throws before the first deployment. */
  current(): string;
  /** Oldest first; the last one is live. */
  history(): readonly Deployment[];
  close(): Promise<void>;
};

export type ModelServerOptions = {
  /** Address of the hook, such as http://127.0.0.1:4320/rollback; port 0 takes any that is free. */
  url: string;
  secret: string;
  /**
   * The time of the story, by which versions are served. Signatures are checked by the clock on the
   * wall, which made them.
   */
  now: () => number;
  /** Versions that are there to be served. */
  versions: readonly string[];
  /** What was deployed before the server was last stopped, oldest first. */
  history?: readonly Deployment[];
};

const request = z.discriminatedUnion('action', [
  z.object({ action: z.literal('describe') }),
  z.object({
    action: z.literal('rollback'),
    from: z.string(),
    to: z.string(),
    revision: z.string().optional(),
    requestId: z.string().min(1),
  }),
]);
type RollbackRequest = Extract<z.output<typeof request>, { action: 'rollback' }>;

type Answer = { status: number; body: object };
const refuse = (status: number, error: string): Answer => ({ status, body: { error } });

/** More than any question of the hook. */
const maxBodyBytes = 64 * 1024;

/**
 * The part of a model server that Tocsin talks to: it holds versions, knows which one is live, and
 * keeps the receiver's side of the rollback hook as docs/webhooks.md describes it. Rejects when the
 * port is taken.
 */
export async function startModelServer(options: ModelServerOptions): Promise<ModelServer> {
  const { url, secret, now, versions } = options;
  const history: Deployment[] = [...(options.history ?? [])];
  const live = (): Deployment | undefined => history.at(-1);
  /** Changes with every deployment; what was decided on an older one is refused. */
  const revision = (): string => `rev-${history.length}`;
  const providerId = (place: number): string => `deployment-${place + 1}`;

  function describe(): Answer {
    const deployed = live();
    if (deployed === undefined) return refuse(503, 'nothing is deployed yet');
    const candidates = [...new Set(history.toReversed().map(({ version }) => version))]
      .filter((version) => version !== deployed.version)
      .map((version) => ({ version, ...servingOf(history, version, now()) }));
    return { status: 200, body: { current: deployed.version, revision: revision(), candidates } };
  }

  function rollback(asked: RollbackRequest): Answer {
    const before = history.findIndex(({ requestId }) => requestId === asked.requestId);
    if (before >= 0) return { status: 200, body: { providerId: providerId(before), already: true } };
    if (!versions.includes(asked.to)) return refuse(422, `there is no version ${asked.to}`);
    if (asked.from !== live()?.version || (asked.revision ?? revision()) !== revision()) {
      return refuse(409, `${live()?.version ?? 'nothing'} is live as ${revision()}; it changed meanwhile`);
    }
    history.push({ version: asked.to, at: now(), by: 'rollback', requestId: asked.requestId });
    return { status: 200, body: { providerId: providerId(history.length - 1), already: false } };
  }

  function answer(body: Buffer, signature: string | undefined, key: string | undefined): Answer {
    const signed = verifyBody({ secret, header: signature, body, nowSeconds: Date.now() / 1000 });
    if (!signed.ok) return refuse(401, signed.reason);
    const asked = request.safeParse(parseJson(body.toString('utf8')));
    if (!asked.success) return refuse(400, 'expected a question as docs/webhooks.md describes it');
    if (asked.data.action === 'describe') return describe();
    if (key !== asked.data.requestId) return refuse(400, `expected ${keyHeader} to be the requestId`);
    return rollback(asked.data);
  }

  const { hostname, port, pathname } = new URL(url);
  const server = createServer((incoming, response) => {
    const send = ({ status, body }: Answer): void => {
      response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
    };
    if (incoming.url !== pathname) return send(refuse(404, `the hook is at ${pathname}`));
    if (incoming.method !== 'POST') return send(refuse(405, 'expected POST'));
    readBody(incoming).then(
      (body) =>
        send(
          body === undefined
            ? refuse(413, `expected at most ${maxBodyBytes} bytes`)
            : answer(body, oneHeader(incoming, signatureHeader), oneHeader(incoming, keyHeader)),
        ),
      () => response.destroy(),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(Number(port || 80), hostname, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const bound = (server.address() as AddressInfo).port;

  return {
    url: `http://${hostname}:${bound}${pathname}`,
    deploy(version, at) {
      if (!versions.includes(version)) throw new RangeError(`expected one of ${versions.join(', ')}; received ${version}`);
      history.push({ version, at, by: 'deploy' });
    },
    current() {
      const deployed = live();
      if (deployed === undefined) throw new Error('no version is live; deploy one first');
      return deployed.version;
    },
    history: () => history,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** When a version last went live, and how long it has served in all. */
function servingOf(history: readonly Deployment[], version: string, now: number): { deployedAt: number; servedMs: number } {
  let deployedAt = 0;
  let servedMs = 0;
  for (const [index, deployment] of history.entries()) {
    if (deployment.version !== version) continue;
    deployedAt = deployment.at;
    servedMs += Math.max(0, (history[index + 1]?.at ?? now) - deployment.at);
  }
  return { deployedAt, servedMs };
}

/** The body as it came, for the signature covers its bytes; undefined when it is too long. */
async function readBody(incoming: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    bytes += chunk.byteLength;
    if (bytes <= maxBodyBytes) chunks.push(chunk);
  }
  return bytes <= maxBodyBytes ? Buffer.concat(chunks) : undefined;
}

function oneHeader(incoming: IncomingMessage, name: string): string | undefined {
  const value = incoming.headers[name.toLowerCase()];
  return typeof value === 'string' ? value : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
