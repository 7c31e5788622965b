import { useEffect, useState } from 'preact/hooks';
import type { IncidentDetailDto } from '../../../http/api/dto/incident-detail.ts';
import type { RunbookDto } from '../../../http/api/dto/runbook.ts';
import { useAnswer } from '../../data/answer.ts';
import { Panel } from '../../parts/panel.tsx';
import { Shown } from '../../parts/states.tsx';

/** What reads Markdown is loaded after the screen. */
const loadSteps = () => import('../../runbook/steps.tsx');

/** The runbook beside the incident; its ticks belong to this incident. */
export function RunbookPanel({ detail: { runbooks, incident } }: { detail: IncidentDetailDto }) {
  const ours = runbooks.find(({ isOurs }) => isOurs);
  const others = runbooks.filter((one) => one !== ours);
  if (runbooks.length === 0) return null;
  return (
    <>
      {ours === undefined ? null : <OurRunbook name={ours.name} title={ours.title} incident={incident.id} />}
      {others.length === 0 ? null : (
        <Panel title={ours === undefined ? 'Runbook' : 'Other runbooks'}>
          <ul class="in">
            {others.map(({ name, url, title }) => (
              <li key={name}>
                <a href={url}>{title}</a>
              </li>
            ))}
          </ul>
        </Panel>
      )}
    </>
  );
}

function OurRunbook({ name, title, incident }: { name: string; title: string; incident: string }) {
  const answer = useAnswer<RunbookDto>(`/api/runbooks/${encodeURIComponent(name)}`, () => false);
  const [Steps, setSteps] = useState<Awaited<ReturnType<typeof loadSteps>>>();
  const [done, setDone] = useState(0);
  useEffect(() => {
    loadSteps().then(
      (loaded) => {
        setDone(loaded.ticksIn(incident, name));
        setSteps(loaded);
      },
      () => {}, // The link to the whole runbook stays.
    );
  }, [incident, name]);
  const total = answer.value?.sections.reduce((sum, { steps }) => sum + steps.length, 0) ?? 0;
  return (
    <Panel title={`Runbook: ${title}`} class="runbook" end={total === 0 ? undefined : `${Math.min(done, total)} of ${total}`}>
      <div class="in">
        <Shown answer={answer} what="the runbook">
          {({ markdown }) =>
            Steps === undefined ? null : <Steps.RunbookSteps name={name} source={markdown} owner={incident} told={setDone} />
          }
        </Shown>
        <p class="small">
          <a href={`/runbooks/${encodeURIComponent(name)}`}>On a page of its own</a>
        </p>
      </div>
    </Panel>
  );
}
