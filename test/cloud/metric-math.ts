import { createServer, type IncomingHttpHeaders } from 'node:http';
import { request } from 'node:https';
import type { AddressInfo } from 'node:net';

type Query = { Id: string; Expression?: string };
type Result = {
  Id: string;
  Label?: string;
  StatusCode?: string;
  Timestamps: number[];
  Values: number[];
  Messages?: { Code: string }[];
};
type Answered = { status: number; headers: IncomingHttpHeaders; body: Buffer };

export type MetricMath = {
  url: string;
  /**
   * What an expression is to be answered with: values by start of period, in seconds since the
   * epoch.
   */
  answers: Map<string, () => Map<number, number>>;
  /** Expressions that were answered here. */
  answered: Set<string>;
  close(): Promise<void>;
};

/**
 * Stands before the emulator's CloudWatch, which knows metrics and statistics and says
 * `Unsupported` to metric math. All goes to the emulator as it came, signature included; only
 * results it could not give are filled in, in the shape that CloudWatch gives them.
 */
export async function metricMath(upstreamPort: number): Promise<MetricMath> {
  const answers: MetricMath['answers'] = new Map();
  const answered = new Set<string>();

  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const body = Buffer.concat(chunks);
      forward(upstreamPort, incoming.method ?? 'POST', incoming.url ?? '/', incoming.headers, body).then(
        (answer) => {
          const filled = fillIn(body, answer);
          outgoing
            .writeHead(answer.status, { 'content-type': answer.headers['content-type'] ?? '', 'content-length': filled.length })
            .end(filled);
        },
        (error: unknown) => outgoing.writeHead(502).end(String(error)),
      );
    });
  });

  function fillIn(asked: Buffer, { body }: Answered): Buffer {
    let queries: Query[];
    let said: { MetricDataResults?: Result[] };
    try {
      queries = (JSON.parse(asked.toString('utf8')) as { MetricDataQueries?: Query[] }).MetricDataQueries ?? [];
      said = JSON.parse(body.toString('utf8'));
    } catch {
      return body;
    }
    for (const result of said.MetricDataResults ?? []) {
      const expression = queries.find(({ Id }) => Id === result.Id)?.Expression;
      const values = expression === undefined ? undefined : answers.get(shape(expression))?.();
      if (expression === undefined || values === undefined) continue;
      answered.add(shape(expression));
      Object.assign(result, {
        StatusCode: 'Complete',
        Timestamps: [...values.keys()],
        Values: [...values.values()],
        Messages: undefined,
      });
    }
    return Buffer.from(JSON.stringify(said));
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, answers, answered, close };
}

/** Ids of queries in an expression are chosen by who asks; the shape has the metrics' own names. */
export const shape = (expression: string): string => expression.replace(/\bq\d+_/g, '');

function forward(port: number, method: string, path: string, headers: IncomingHttpHeaders, body: Buffer): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, method, path, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 502, headers: response.headers, body: Buffer.concat(chunks) }),
      );
      response.on('error', reject);
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
