import { type Context, Hono } from 'hono';
import { IngestError } from '../app/ingest/ingest-result.ts';
import { takeMlflowEvent } from '../app/ingest/registry-events.ts';
import { checkMlflowSignature, unsigned } from '../core/access/signing/mlflow-signature.ts';
import { shown } from '../core/vocabulary/shown.ts';
import { bodySize } from './body-size.ts';
import { takenOrWhy } from './ingest-answer.ts';
import type { HttpOptions } from './options.ts';

/** Descriptions and tags are in it. */
export const maxMlflowBytes = 512 * 1024;
const retrySeconds = 60;

/**
 * `POST /v1/mlflow/REGISTRY`: signed webhooks of MLflow. 200: it was kept, was known, or is of no
 * interest, as the answer says. 400, 401, 413: sending it again will not help. 503: later; MLflow
 * tries 429 and 5xx again under the same signature. A name that takes no webhooks is answered like
 * a wrong signature, or anybody could find out which registries there are.
 */
export function mlflowRoutes({ ports, now }: HttpOptions): Hono {
  const limit = bodySize({
    maxSize: maxMlflowBytes,
    onError: (c) => c.json({ error: `expected at most ${maxMlflowBytes} bytes` }, 413),
  });
  return new Hono().post('/mlflow/:registry', limit, async (c) => {
    const name = c.req.param('registry');
    const { registries } = ports.config;
    const registry = Object.hasOwn(registries, name) ? registries[name] : undefined;
    if (registry?.kind !== 'mlflow' || registry.webhookSecret === undefined) {
      ports.log('warn', 'a webhook of MLflow was refused', {
        reason: `no registry ${shown(name)} of the config has a webhookSecret`,
      });
      const nobodys = crypto.randomUUID();
      return c.json({ error: signatureFault(c, nobodys, await bodyOf(c)) ?? unsigned }, 401);
    }
    const signed = await signedBody(c, registry.webhookSecret);
    if (signed instanceof Response) return signed;
    return takenOrWhy(c, async () => c.json(await takeMlflowEvent(ports, name, registry, documentIn(signed), now())));
  });

  async function signedBody(c: Context, name: string): Promise<Uint8Array | Response> {
    const secret = await ports.secrets.get(name);
    if (secret === undefined || secret === '') {
      ports.log('error', 'a webhook of MLflow cannot be verified: its secret has no value', { secret: name });
      c.header('Retry-After', String(retrySeconds));
      return c.json({ error: 'the secret of this registry has no value; the log names it' }, 503);
    }
    const body = await bodyOf(c);
    const fault = signatureFault(c, secret, body);
    if (fault === undefined) return body;
    ports.log('warn', 'a webhook of MLflow was refused', { reason: fault });
    return c.json({ error: fault }, 401);
  }
}

const bodyOf = async (c: Context): Promise<Uint8Array> => new Uint8Array(await c.req.arrayBuffer());

const signatureFault = (c: Context, secret: string, body: Uint8Array): string | undefined =>
  checkMlflowSignature({
    secret,
    body,
    deliveryId: c.req.header('x-mlflow-delivery-id'),
    timestamp: c.req.header('x-mlflow-timestamp'),
    signature: c.req.header('x-mlflow-signature'),
    // Ages of requests are by the real clock, also where the service runs on a virtual one.
    nowSeconds: Date.now() / 1000,
  });

function documentIn(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    throw new IngestError('body', 'expected JSON in UTF-8');
  }
}
