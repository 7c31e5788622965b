const mostNames = 20;

/** Several names in one label, as `,orders,customers,`, which a matcher finds by `.*,orders,.*`. */
export function listLabel(names: readonly string[], most = mostNames): string | undefined {
  const some = [...new Set(names)].filter((name) => name !== '').slice(0, most);
  return some.length === 0 ? undefined : `,${some.join(',')},`;
}
