import type { ConfigInput } from '../../../core/config/schema.ts';
import type { Notes } from '../note.ts';
import type { Written } from '../written.ts';
import { matchersIn, matchTexts } from './matchers.ts';

type Inhibition = NonNullable<ConfigInput['inhibitions']>[number];

/** `inhibit_rules` mean the same here. One whose matchers cannot be read is left out whole. */
export function inhibitionsIn(config: Written, nameFor: (text: string) => string, notes: Notes): Inhibition[] {
  return config.mappings('inhibit_rules').flatMap((rule): Inhibition[] => {
    const named = rule.text('name')?.text;
    const source = sideOf(rule, 'source', notes);
    const target = sideOf(rule, 'target', notes);
    const equal = rule.texts('equal').map(({ text }) => text);
    if (source === undefined || target === undefined) {
      notes.push({ line: rule.line, kind: 'left out', text: 'this inhibit rule, for one of its matchers cannot be read' });
      return [];
    }
    const name = nameFor(named ?? `${source.join(' ')} explains ${target.join(' ')}`);
    return [{ name, source, target, ...(equal.length === 0 ? {} : { equal }) }];
  });
}

function sideOf(rule: Written, side: 'source' | 'target', notes: Notes): string[] | undefined {
  const keys = { matchers: `${side}_matchers`, labels: `${side}_match`, patterns: `${side}_match_re` };
  const matchers = matchersIn(rule, keys, notes);
  return matchers === undefined ? undefined : matchTexts(matchers);
}
