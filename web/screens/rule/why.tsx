import { useEffect } from 'preact/hooks';
import type { WhyDto } from '../../../http/api/dto/rule.ts';
import { useView } from '../../data/address.ts';
import { useAnswer } from '../../data/answer.ts';
import { say } from '../../frame/announce.tsx';
import { Mark, type MarkKind } from '../../parts/mark.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Shown } from '../../parts/states.tsx';

type Outcome = WhyDto['steps'][number]['outcome'];
const outcomeMark = (outcome: Outcome): MarkKind => (outcome === 'passed' ? 'good' : outcome === 'waits' ? 'unsure' : 'none');

/** Every step from the data to the phone, and where it stops. Asked for when it is opened. */
export function WhyNoPage({ rule }: { rule: string }) {
  const { query, set } = useView();
  const isOpen = query['why'] === 'yes';
  const answer = useAnswer<WhyDto>(isOpen ? `/api/rules/${encodeURIComponent(rule)}/why` : undefined);
  const found = isOpen ? answer.value?.answer : undefined;
  // Whoever opened it by a screen reader is still at the button, and hears what it found.
  useEffect(() => {
    if (found !== undefined) say(found);
  }, [found]);
  return (
    <Panel
      class={isOpen ? '' : 'no-print'}
      title="Why was nobody paged?"
      end={
        <button
          type="button"
          class="button quiet"
          aria-expanded={isOpen}
          onClick={() => set({ why: isOpen ? undefined : 'yes' })}
        >
          {isOpen ? 'Hide the steps' : 'Show each step'}
        </button>
      }
    >
      {isOpen ? (
        <Shown answer={answer} what="the way from the data to a page">
          {(why) => (
            <div class="in stack">
              <p class="strong">{why.answer}</p>
              <ol class="stack">
                {why.steps.map(({ step, outcome, text, details }) => (
                  <li key={step} class="row why-step">
                    <Mark kind={outcomeMark(outcome)} />
                    <span>
                      <span class="vh">{outcome}: </span>
                      {text}
                      {details.length === 0 ? null : <span class="small dim"> {details.join('; ')}</span>}
                    </span>
                  </li>
                ))}
              </ol>
            </div>
          )}
        </Shown>
      ) : null}
    </Panel>
  );
}
