import * as z from 'zod';

export type FieldsShape = {
  /** What messages call such an object: `feature names and values`. */
  names: string;
  most: number;
  /** What is wrong with a name or a value, or undefined. */
  nameFault: (name: string) => string | undefined;
  fault: (value: unknown) => string | undefined;
  /** `out`: the name `__proto__`, which no map of ours holds, is left out rather than refused. */
  left?: 'out';
};

/**
 * An object with arbitrary names, such as features or labels. Refused at the first fault. A
 * `z.record` would collect all of them: a body full of faults would produce a million errors.
 */
export function fields<T>({ names, most, nameFault, fault, left }: FieldsShape) {
  return z.unknown().transform((value, ctx): Record<string, T> => {
    const refuse = (message: string, ...path: string[]): never => {
      ctx.addIssue({ code: 'custom', message, path });
      return z.NEVER;
    };
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return refuse(`expected an object of ${names}`);
    const all: Record<string, T> = {};
    let count = 0;
    for (const name of Object.keys(value)) {
      if (name === '__proto__') {
        if (left === 'out') continue;
        return refuse(`expected ${names} other than __proto__`);
      }
      count += 1;
      if (count > most) return refuse(`expected at most ${most} ${names}`);
      const one: unknown = (value as Record<string, unknown>)[name];
      const wrong = nameFault(name) ?? fault(one);
      if (wrong !== undefined) return refuse(wrong, name.slice(0, 128));
      all[name] = one as T;
    }
    return all;
  });
}

export const namesUpTo =
  (longest: number, what: string, shortest: 0 | 1 = 1) =>
  (name: string): string | undefined =>
    name.length < shortest || name.length > longest
      ? `expected ${what} names of ${shortest} to ${longest} characters`
      : undefined;

export type FeatureValue = string | number | boolean | null;

/** The features of one prediction, or of one row of training data. */
export const featuresOf = (most: number) =>
  fields<FeatureValue>({
    names: 'feature names and values',
    most,
    nameFault: namesUpTo(128, 'feature', 0),
    fault: (value) =>
      typeof value === 'string' || typeof value === 'boolean' || value === null || Number.isFinite(value)
        ? undefined
        : 'expected text, a finite number, true/false or null',
  });
