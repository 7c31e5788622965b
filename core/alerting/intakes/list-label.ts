import { mostKept } from '../alerts/posted-cuts.ts';

const mostNames = 20;

/**
 * Several names in one label, as `,orders,customers,`, which a matcher finds by `.*,orders,.*`; as
 * many as a label holds.
 */
export function listLabel(names: readonly string[], most = mostNames): string | undefined {
  let list = ',';
  for (const name of [...new Set(names)].filter((name) => name !== '').slice(0, most))
    if (list.length + name.length < mostKept.labelValue) list += `${name},`;
  return list === ',' ? undefined : list;
}
