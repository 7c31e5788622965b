import { parseTimestamp } from '../../vocabulary/timestamp.ts';
import type { FeatureValue } from './fields.ts';

type Outcome = string | number | boolean;

/** What the schema of a prediction makes of it. */
type PlainPrediction = {
  id: string | undefined;
  timestamp: number;
  model: string | undefined;
  version: string | undefined;
  features: Record<string, FeatureValue> | undefined;
  prediction: Outcome;
  score: number | undefined;
  value: unknown;
  label: Outcome | undefined;
};

/**
 * A fast path for predictions as nearly all senders write them; undefined if the schema must
 * decide. Accepts nothing that the schema refuses, and reads the same as it.
 */
export function plainPrediction(value: unknown): PlainPrediction | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const sent = value as Record<string, unknown>;
  const { prediction, score, label } = sent;
  const timestamp = parseTimestamp(sent['timestamp']);
  if (timestamp === undefined || !isOutcome(prediction)) return undefined;
  const [id, version] = [idText(sent['id'], 512), idText(sent['version'], 128)];
  const model = typeof sent['model'] === 'number' ? null : idText(sent['model'], 128);
  if (id === null || version === null || model === null) return undefined;
  if (score !== undefined && score !== null && !isPlainNumber(score)) return undefined;
  if (label !== undefined && label !== null && !isOutcome(label)) return undefined;
  const features = sent['features'] ?? undefined;
  if (features !== undefined && !arePlainFeatures(features)) return undefined;
  return {
    id,
    timestamp,
    model,
    version,
    features,
    prediction,
    score: score ?? undefined,
    value: sent['value'] ?? undefined,
    label: label ?? undefined,
  };
}

const isOutcome = (value: unknown): value is Outcome =>
  typeof value === 'string' ? value.length > 0 && value.length <= 256 : typeof value === 'boolean' || Number.isFinite(value);

/** null: the schema must decide. */
function idText(value: unknown, longest: number): string | undefined | null {
  if (typeof value === 'string') return value.length > 0 && value.length <= longest ? value : null;
  if (value === undefined || value === null) return undefined;
  return typeof value === 'number' && Number.isFinite(value) ? String(value) : null;
}

/** Neither too large for a store nor what the schema makes 0: very small, or -0. */
function isPlainNumber(value: unknown): value is number {
  const size = typeof value === 'number' ? Math.abs(value) : Number.NaN;
  return Object.is(value, 0) || (size >= 1e-90 && size <= 1e90);
}

const mostFeatures = 500;

function arePlainFeatures(value: unknown): value is Record<string, FeatureValue> {
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return false;
  let count = 0;
  for (const name in value) {
    count += 1;
    if (count > mostFeatures || name.length > 128 || name === '__proto__') return false;
    const one: unknown = (value as Record<string, unknown>)[name];
    if (typeof one === 'string' || typeof one === 'boolean' || one === null || Number.isFinite(one)) continue;
    return false;
  }
  return true;
}
