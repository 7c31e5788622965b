import { type Context, Hono } from 'hono';
import { ingestLabels, ingestPredictions, ingestSamples, takenOf } from '../app/ingest/ingest.ts';
import { promote } from '../app/ingest/serve.ts';
import { ingestTraining } from '../app/ingest/train.ts';
import { answerOf } from '../core/telemetry/samples/refusals.ts';
import { bodySize } from './body-size.ts';
import { type IngestAccess, ingestAccess } from './ingest-access.ts';
import { answerIngest, maxBodyBytes } from './ingest-answer.ts';
import type { HttpOptions } from './options.ts';
import { refusedAs } from './refused-as.ts';

const routes = { predictions: ingestPredictions, labels: ingestLabels, samples: ingestSamples } as const;

const partlyTaken = (counted: number): string =>
  `the other ${counted === 1 ? 'record counts' : `${counted} records count`}: correct those that were refused and send them alone, under an Idempotency-Key of their own`;

/**
 * `POST /v1/predictions`, `/v1/labels` and `/v1/samples`: JSON or NDJSON. 200: every record not
 * listed in `rejected` counts. 400: none does, and a retry will not help. 401, 403: the key. 413:
 * too large. 422: the `Idempotency-Key` was used for something else. 429: too often; see
 * `Retry-After`. 503: retry.
 *
 * A request with an `Idempotency-Key` counts once per sender, however often it is sent. Without
 * one, samples sent twice count twice.
 *
 * `POST /v1/baselines` stores what a model version was trained on, `POST /v1/baselines/promote`
 * which version serves.
 */
export function ingestRoutes(options: HttpOptions): Hono {
  const app = new Hono();
  const allowed = ingestAccess(options);
  app.use(
    bodySize({
      maxSize: maxBodyBytes,
      onError: (c) => c.json({ error: `expected at most ${maxBodyBytes} bytes; split the records over several requests` }, 413),
    }),
  );

  for (const scope of ['predictions', 'labels', 'samples'] as const) {
    app.post(`/${scope}`, async (c) => {
      const source = c.req.query('source');
      const access = await allowed(c, { scope, source });
      if ('refused' in access) return access.refused;
      return answerIngest(c, access.sender, async (body) => {
        const result = await routes[scope](access.ports, source, body, options.now());
        const { rejected: _rejected, unlisted: _unlisted, ...counts } = result;
        const counted = takenOf(counts);
        const answer = { ...counts, ...answerOf(result) };
        if (answer.rejected === 0) return c.json(answer, 200);
        return counted === 0 ? c.json(answer, 400) : c.json({ ...answer, note: partlyTaken(counted) }, 200);
      });
    });
  }
  app.post('/baselines', (c) =>
    withTrainings(c, async (access, source) =>
      answerIngest(c, access.sender, async (body) => {
        const { version, dataset, trainedAt } = c.req.query();
        const query = { version, dataset, trainedAt };
        const trained = await ingestTraining(access.ports, source, body, query, access.sender, options.now());
        const { unlisted, ...result } = trained;
        return c.json({ ...result, ...answerOf({ ...result, unlisted }) });
      }),
    ),
  );
  app.post('/baselines/promote', (c) =>
    withTrainings(c, async (access, source) => {
      const modelVersion = c.req.query('version') ?? '';
      if (source === undefined || modelVersion === '')
        return c.json({ error: 'expected ?source= and &version= in the URL' }, 400);
      // A sender trusted to say what a version was trained on is also trusted to promote it.
      const result = await promote(
        access.ports,
        { source, modelVersion, actor: access.sender, role: 'responder' },
        options.now(),
      );
      return result.ok ? c.json({ message: result.message }) : refusedAs(c, result);
    }),
  );
  return app;

  async function withTrainings(
    c: Context,
    take: (access: Extract<IngestAccess, { sender: string }>, source: string | undefined) => Promise<Response>,
  ): Promise<Response> {
    const source = c.req.query('source');
    const access = await allowed(c, { scope: 'baselines', source });
    return 'refused' in access ? access.refused : take(access, source);
  }
}
