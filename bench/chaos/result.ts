/**
 * A row of the report; `ok` says whether what had to hold did, and is left out where something was
 * only measured.
 */
export type Row = { name: string; value: string; ok?: boolean };

export const mustBe = (name: string, found: number | string, wanted: number | string): Row => ({
  name,
  value: found === wanted ? String(found) : `${found}, expected ${wanted}`,
  ok: found === wanted,
});

export const mustBeUnder = (name: string, found: number, bound: number, unit: string): Row => ({
  name,
  value: `${Number(found.toPrecision(4))} ${unit} (bound ${bound})`,
  ok: found < bound,
});
