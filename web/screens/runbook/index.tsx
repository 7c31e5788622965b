import { useRoute } from 'preact-iso/router';
import type { RunbookDto } from '../../../http/api/dto/runbook.ts';
import { useAnswer } from '../../data/answer.ts';
import { useTitle } from '../../frame/title.ts';
import { Shown } from '../../parts/states.tsx';
import { RunbookSteps } from '../../runbook/steps.tsx';

/** A runbook on a page of its own. Its ticks belong to no incident. */
export default function Runbook() {
  const name = useRoute().params['name'] ?? '';
  const answer = useAnswer<RunbookDto>(`/api/runbooks/${encodeURIComponent(name)}`, () => false);
  const title = answer.value?.title ?? `Runbook ${name}`;
  useTitle(title);
  return (
    <>
      <h1>{title}</h1>
      {answer.value?.summary === undefined ? null : <p class="lede">{answer.value.summary}</p>}
      <div class="stack">
        <Shown answer={answer} what="the runbook">
          {({ markdown }) => (
            <section class="panel" aria-label="Text">
              <div class="in">
                <RunbookSteps name={name} source={markdown} owner="own" told={() => {}} />
              </div>
            </section>
          )}
        </Shown>
      </div>
    </>
  );
}
