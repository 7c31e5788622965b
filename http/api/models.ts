import { type Context, Hono } from 'hono';
import { type Against, againsts, longestSpan } from '../../app/query/feature-comparison.ts';
import { featureHistory } from '../../app/query/feature-history.ts';
import { featuresOf } from '../../app/query/features.ts';
import { readModel } from '../../app/query/model.ts';
import { type ModelSource, modelNamed } from '../../app/query/model-of.ts';
import { readModels } from '../../app/query/models.ts';
import { profiledFeatures } from '../../core/telemetry/samples/profile-parts.ts';
import { shown } from '../../core/vocabulary/shown.ts';
import type { HttpOptions } from '../options.ts';
import { personOf } from './actor.ts';
import { featureDetailDto, featuresDto } from './dto/feature.ts';
import { modelDto, modelsDto } from './dto/model.ts';
import { timeOf } from './dto/time.ts';
import { spanIn } from './span.ts';
import { scopeIn } from './team.ts';

const usualLimit = 24;
const mostAtOnce = 100;
const usualModels = 100;
const mostModels = 500;
const historySpan = 30 * 86_400_000;

/** `/models`: each model with its versions, its quality, and what its features are like. */
export function modelRoutes(options: HttpOptions): Hono {
  const { ports, now } = options;
  const app = new Hono();

  app.get('/', async (c) => {
    const page = pageIn(c, usualModels, mostModels);
    if ('error' in page) return c.json(page, 400);
    const asked = scopeIn(c, ports.config);
    if ('error' in asked) return c.json(asked, 400);
    const viewer = personOf(c, options, undefined).responder;
    return c.json({ at: timeOf(now()), ...modelsDto(await readModels(ports, { ...page, ...asked, viewer })) });
  });

  app.get('/:model', async (c) => {
    const model = modelNamed(ports.config, c.req.param('model'), c.req.query('source'));
    if ('unknown' in model) return c.json({ error: model.unknown }, 404);
    const at = now();
    return c.json({ at: timeOf(at), ...modelDto(model, await readModel(ports, model, at)) });
  });

  app.get('/:model/features', async (c) => {
    const model = modelNamed(ports.config, c.req.param('model'), c.req.query('source'));
    if ('unknown' in model) return c.json({ error: model.unknown }, 404);
    const at = now();
    const asked = comparisonIn(c, at);
    if ('error' in asked) return c.json(asked, 400);
    const page = pageIn(c, usualLimit, mostAtOnce);
    if ('error' in page) return c.json(page, 400);
    const found = await featuresOf(ports, model, { ...asked, ...page }, at);
    return 'error' in found ? c.json(found, 400) : c.json({ at: timeOf(at), ...featuresDto(model, found) });
  });

  app.get('/:model/features/:feature', (c) => featureAnswer(c));

  async function featureAnswer(c: Context): Promise<Response> {
    const model = modelNamed(ports.config, c.req.param('model') ?? '', c.req.query('source'));
    if ('unknown' in model) return c.json({ error: model.unknown }, 404);
    const feature = c.req.param('feature') ?? '';
    const unknown = unknownFeature(model, feature);
    if (unknown !== undefined) return c.json({ error: unknown }, 404);
    const at = now();
    const asked = comparisonIn(c, at);
    if ('error' in asked) return c.json(asked, 400);
    const found = await featuresOf(ports, model, { ...asked, from: 0, limit: mostAtOnce, feature }, at);
    if ('error' in found) return c.json(found, 400);
    const span = asked.span ?? { from: at - historySpan, to: at };
    const longer = { from: Math.min(span.from, span.to - historySpan), to: span.to, version: asked.version };
    const history = await featureHistory(ports.store, model, feature, longer);
    return c.json({ at: timeOf(at), ...featureDetailDto(model, found, history) });
  }
  return app;
}

function unknownFeature({ model, name, source }: ModelSource, feature: string): string | undefined {
  if (profiledFeatures(source).includes(feature)) return undefined;
  return `${model} keeps no profile of ${shown(feature)}; name it under features or schema of the source ${name}, with profiles: true`;
}

type Asked = {
  against: Against | undefined;
  version: string | undefined;
  rule: string | undefined;
  span?: { from: number; to: number };
};

function comparisonIn(c: Context, now: number): Asked | { error: string } {
  const { against, version, rule, from, to } = c.req.query();
  if (against !== undefined && !againsts.some((one) => one === against))
    return { error: `expected against ${againsts.join(', ')}; received ${shown(against)}` };
  const asked = { against: against as Against | undefined, version, rule };
  if (from === undefined && to === undefined) return asked;
  const span = spanIn(c, { from: now - 7 * 86_400_000, to: now }, longestSpan);
  return 'error' in span ? span : { ...asked, span };
}

function pageIn(c: Context, usual: number, most: number): { from: number; limit: number } | { error: string } {
  const limit = Number(c.req.query('limit') ?? usual);
  const from = Number(c.req.query('cursor') ?? 0);
  if (!(Number.isInteger(limit) && limit >= 1 && limit <= most))
    return { error: `expected limit 1 to ${most}; received ${shown(c.req.query('limit'))}` };
  if (!(Number.isInteger(from) && from >= 0 && from <= 1e6))
    return { error: `expected cursor to be \`next\` of an earlier answer; received ${shown(c.req.query('cursor'))}` };
  return { from, limit };
}
