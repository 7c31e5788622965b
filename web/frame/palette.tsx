import { useEffect, useId, useMemo, useState } from 'preact/hooks';
import { holdsWords } from '../../core/vocabulary/words.ts';
import { useModal } from '../parts/modal.ts';
import { keepTabInside } from '../parts/tab-inside.ts';
import { keysNow } from './keys.ts';
import type { Scope } from './scope.ts';
import { screens } from './screens.ts';
import { thingsFor } from './things.ts';

type Choice = { key: string; group: string; text: string; end?: string; isKey?: boolean; run(): void };

function choicesFor(typed: string, go: (address: string) => void, { team, teams, choose }: Scope): Choice[] {
  const matches = holdsWords(typed);
  const places = screens.flatMap(({ path, title, nav }) =>
    nav === undefined || !matches(title)
      ? []
      : [{ key: path, group: 'Screens', text: title, end: `G ${nav.key.toUpperCase()}`, isKey: true, run: () => go(path) }],
  );
  const deeds = keysNow().flatMap(({ name, keys }) =>
    Object.entries(keys)
      .filter(([key, { text }]) => !key.startsWith('g ') && matches(text))
      .map(([key, { text, asks, run }]) => ({
        key: `${name} ${key}`,
        group: name,
        text,
        end: asks ? 'asks before it does' : key.toUpperCase(),
        isKey: asks !== true,
        run,
      })),
  );
  const scopes = [undefined, ...teams.map(({ name }) => name)].flatMap((name) => {
    const text = name === undefined ? 'Show all teams' : `Show only ${name}`;
    return teams.length === 0 || name === team || !matches(text)
      ? []
      : [{ key: `team ${name ?? '*'}`, group: 'Teams', text, run: () => choose(name) }];
  });
  return [...places, ...deeds, ...scopes];
}

/** Things first, then screens, then what can be done here. Typed text narrows all of them. */
export function Palette({ close, go, scope }: { close(): void; go(address: string): void; scope: Scope }) {
  const box = useModal();
  const list = useId();
  const [typed, setTyped] = useState('');
  const [chosen, setChosen] = useState(0);
  const [found, setFound] = useState<{ of: string; things: Choice[] }>({ of: '', things: [] });
  useEffect(() => {
    const asked = new AbortController();
    thingsFor(typed, asked.signal).then(
      (things) =>
        setFound({
          of: typed,
          things: things.map(({ address, group, ...thing }) => ({
            key: `${group} ${address} ${thing.text}`,
            group,
            ...thing,
            run: () => go(address),
          })),
        }),
      () => {}, // Typed on, or not reached; screens and deeds are there all the same.
    );
    return () => asked.abort();
  }, [typed]);
  const fixed = useMemo(() => choicesFor(typed, go, scope), [typed, scope.team]);
  // What was found for other words would be first, and Enter would go there.
  const isStill = holdsWords(typed);
  const things = found.of === typed ? found.things : found.things.filter(({ text }) => isStill(text));
  const choices = [...things, ...fixed];
  const at = Math.min(chosen, choices.length - 1);
  const pick = (choice: Choice | undefined): void => {
    if (choice === undefined) return;
    close();
    choice.run();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'ArrowDown') setChosen((at + 1) % choices.length);
    else if (event.key === 'ArrowUp') setChosen((at - 1 + choices.length) % choices.length);
    else if (event.key === 'Enter') pick(choices[at]);
    else return;
    event.preventDefault();
  };
  useEffect(() => {
    document.getElementById(`${list}-${at}`)?.scrollIntoView({ block: 'nearest' });
  }, [at]);
  return (
    <dialog
      ref={box}
      class="palette"
      aria-label="Go to or do"
      onCancel={(event) => {
        event.preventDefault();
        close();
      }}
      onClick={(event) => {
        if (event.target === box.current) close();
      }}
      onKeyDown={keepTabInside}
    >
      <input
        type="text"
        role="combobox"
        aria-expanded="true"
        aria-controls={list}
        aria-autocomplete="list"
        aria-label="Go to or do"
        aria-description="Arrow keys choose, Enter goes"
        {...(choices.length === 0 ? {} : { 'aria-activedescendant': `${list}-${at}` })}
        placeholder="An incident, rule, model, feature, person, runbook, screen, or what to do"
        value={typed}
        onInput={({ currentTarget }) => {
          setTyped(currentTarget.value);
          setChosen(0);
        }}
        onKeyDown={onKeyDown}
      />
      <p class={choices.length === 0 ? 'in dim' : 'vh'} role="status">
        {choices.length === 0 ? 'Nothing is named so.' : foundText(choices.length)}
      </p>
      <div role="listbox" id={list} aria-label="What was found">
        {grouped(choices).map(([group, members]) => (
          <div key={group} role="group" aria-label={group}>
            <span aria-hidden="true">{group}</span>
            {members.map(({ choice, index }) => (
              // biome-ignore lint/a11y/useFocusableInteractive lint/a11y/useKeyWithClickEvents: as above.
              <div
                key={choice.key}
                id={`${list}-${index}`}
                role="option"
                aria-selected={index === at}
                onClick={() => pick(choice)}
                onPointerMove={() => setChosen(index)}
              >
                {choice.text}
                {choice.end === undefined ? null : <span class={`end ${choice.isKey ? 'wide' : ''}`}>{choice.end}</span>}
              </div>
            ))}
          </div>
        ))}
      </div>
    </dialog>
  );
}

const foundText = (count: number): string => (count === 1 ? '1 found' : `${count} found`);

function grouped(choices: readonly Choice[]): [string, { choice: Choice; index: number }[]][] {
  const groups = new Map<string, { choice: Choice; index: number }[]>();
  for (const [index, choice] of choices.entries()) {
    const members = groups.get(choice.group) ?? [];
    members.push({ choice, index });
    groups.set(choice.group, members);
  }
  return [...groups];
}
