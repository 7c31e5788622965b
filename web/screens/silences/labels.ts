/** Labels as they are typed: `rule=slow, model="a, b"`; undefined where they cannot be read. */
export function readLabels(text: string): Record<string, string> | undefined {
  const labels = new Map<string, string>();
  let rest = text.trim().replace(/,$/, '');
  while (rest !== '') {
    const [whole, name = '', value = ''] = /^([A-Za-z_][\w.-]*)\s*=\s*("[^"]*"|[^,"]*)(?:,\s*|$)/.exec(rest) ?? [];
    if (whole === undefined || labels.has(name)) return undefined;
    labels.set(name, value.startsWith('"') ? value.slice(1, -1) : value.trim());
    rest = rest.slice(whole.length);
  }
  return Object.fromEntries(labels);
}

/** `2h`, `90m`, `1h30m` in milliseconds; undefined for anything else. */
export function readDuration(text: string): number | undefined {
  const found = /^(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?$/.exec(text.trim().replaceAll(' ', ''));
  if (found === null) return undefined;
  const [, days = '0', hours = '0', minutes = '0'] = found;
  const ms = ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60_000;
  return ms > 0 ? ms : undefined;
}
