/** The next JSON token with leading white space. For a string, only its opening quote. */
const token = /[ \t\n\r]*(?:([{}[\],:])|(")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null))/y;
const escaped = /["\\/bfnrt]|u[0-9a-fA-F]{4}/y;

type Expecting = 'value' | 'value or ]' | 'key or }' | 'key' | 'colon' | 'comma' | 'end';

/**
 * The offset where a text stops being JSON, or undefined if it is well formed. The engine's own
 * message names a position only for some errors.
 */
export function jsonErrorAt(text: string): number | undefined {
  const open: ('{' | '[')[] = [];
  let expecting: Expecting = 'value';
  let at = 0;
  const afterValue = (): Expecting => (open.length === 0 ? 'end' : 'comma');
  for (;;) {
    token.lastIndex = at;
    const found = token.exec(text);
    if (found === null) {
      while (at < text.length && ' \t\n\r'.includes(text.charAt(at))) at += 1;
      return expecting === 'end' && at === text.length ? undefined : at;
    }
    const [all, mark, quote, scalar] = found;
    const start = at + all.length - (mark ?? quote ?? scalar ?? '').length;
    const end = quote === undefined ? at + all.length : stringEnd(text, start);
    if (end === undefined) return start;
    const wantsValue = expecting === 'value' || expecting === 'value or ]';
    if (wantsValue && (scalar !== undefined || quote !== undefined)) expecting = afterValue();
    else if (wantsValue && (mark === '{' || mark === '[')) {
      open.push(mark);
      expecting = mark === '{' ? 'key or }' : 'value or ]';
    } else if ((expecting === 'key' || expecting === 'key or }') && quote !== undefined) expecting = 'colon';
    else if (expecting === 'colon' && mark === ':') expecting = 'value';
    else if (expecting === 'comma' && mark === ',') expecting = open.at(-1) === '{' ? 'key' : 'value';
    else if (closes(mark, open.at(-1), expecting)) {
      open.pop();
      expecting = afterValue();
    } else return start;
    at = end;
  }
}

/**
 * Where the string that opens at `start` ends. Not a regular expression: a long string could
 * overflow its stack.
 */
function stringEnd(text: string, start: number): number | undefined {
  for (let at = start + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x22) return at + 1;
    if (code < 0x20) return undefined;
    if (code === 0x5c) {
      escaped.lastIndex = at + 1;
      const found = escaped.exec(text);
      if (found === null) return undefined;
      at += found[0].length;
    }
  }
  return undefined;
}

function closes(mark: string | undefined, opened: '{' | '[' | undefined, expecting: Expecting): boolean {
  if (mark === '}') return opened === '{' && (expecting === 'comma' || expecting === 'key or }');
  return mark === ']' && opened === '[' && (expecting === 'comma' || expecting === 'value or ]');
}
