import type { ComponentChildren } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { Markdown } from './markdown.tsx';

/** Which steps were ticked; of this viewer only, and of one incident. */
function ticksOf(key: string): number[] {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(key) ?? '[]');
    return Array.isArray(value) ? value.filter((one) => Number.isInteger(one)) : [];
  } catch {
    return [];
  }
}

/** A runbook whose steps can be ticked. `owner`: the incident that the ticks belong to. */
export function RunbookSteps(props: { name: string; source: string; owner: string; told(done: number): void }) {
  const { name, source, owner, told } = props;
  const key = `tocsin-steps-${owner}-${name}`;
  const [ticked, setTicked] = useState(() => ticksOf(key));
  const toggle = (step: number): void => {
    const next = ticked.includes(step) ? ticked.filter((one) => one !== step) : [...ticked, step];
    setTicked(next);
    told(next.length);
    try {
      localStorage.setItem(key, JSON.stringify(next));
    } catch {
      // Private windows may refuse; the ticks last as long as the page.
    }
  };
  const Step = useMemo(
    () =>
      function Step({ step, children }: { step: number; children: ComponentChildren }) {
        return (
          <li class="step">
            <label>
              <input type="checkbox" checked={ticked.includes(step)} onChange={() => toggle(step)} />
              <span>{children}</span>
            </label>
          </li>
        );
      },
    [ticked],
  );
  return <Markdown source={source} Step={Step} />;
}

export const ticksIn = (owner: string, name: string): number => ticksOf(`tocsin-steps-${owner}-${name}`).length;
