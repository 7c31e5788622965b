const limit = 100;

/** Where the changes of a view are asked for; a day counts from its beginning in UTC. */
export function changesAddress(view: Readonly<Record<string, string | undefined>>): string {
  const asked = new URLSearchParams([['limit', `${limit}`]]);
  for (const name of ['team', 'kind', 'q', 'match', 'from', 'to', 'cursor']) {
    const value = view[name];
    if (value !== undefined && value !== '')
      asked.set(name, (name === 'from' || name === 'to') && value.length === 10 ? `${value}T00:00:00Z` : value);
  }
  return `/api/changes?${asked}`;
}

/** Where all changes of the same thing are; `thing` is such as `model churn`. */
export function sameThing(thing: string): string {
  const at = thing.indexOf(' ');
  if (at < 0) return '/changes';
  const [name, value] = [thing.slice(0, at), thing.slice(at + 1)];
  const match = `${/^\w+$/.test(name) ? name : JSON.stringify(name)}=${JSON.stringify(value)}`;
  return `/changes?${new URLSearchParams({ match })}`;
}
