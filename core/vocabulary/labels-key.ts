/** Canonical text of labels: equal labels give equal text in any order. */
export function labelsKey(labels: Record<string, string>): string {
  const keys = Object.keys(labels);
  if (keys.length > 1) keys.sort();
  let text = '';
  for (const key of keys) text += `${JSON.stringify(key)}=${JSON.stringify(labels[key])},`;
  return text;
}
