import type { IntegrationsDto } from '../../../http/api/dto/integrations.ts';
import { useAnswer } from '../../data/answer.ts';
import { useTitle } from '../../frame/title.ts';
import { Tag } from '../../parts/mark.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Shown } from '../../parts/states.tsx';
import { Time } from '../../parts/time.tsx';
import { Contacts } from './contacts.tsx';
import { Devices } from './devices.tsx';
import { Me } from './me.tsx';
import { integrationsSentence } from './sentence.ts';
import { Sources } from './sources.tsx';
import { TestPage } from './test-page.tsx';
import { ThisBrowser } from './this-browser.tsx';

const kinds: readonly string[] = ['rules', 'incident', 'incidents', 'deployments', 'config'];

/** Does everything work that pages depend on, would a page reach me, and who am I here? */
export default function Settings() {
  const answer = useAnswer<IntegrationsDto>('/api/integrations', ({ kind }) => kinds.includes(kind));
  const headline = answer.value === undefined ? 'Settings' : integrationsSentence(answer.value);
  useTitle(headline);
  return (
    <>
      <h1>{headline}</h1>
      <div class="columns settings">
        <div class="stack">
          <Shown answer={answer} what="integrations" lines={12}>
            {(found) => (
              <>
                <Health found={found} />
                <Contacts contacts={found.contacts} incidents={found.incidents} />
                <Sources sources={found.sources} />
                <Hooks hooks={found.hooks} />
              </>
            )}
          </Shown>
        </div>
        <div class="stack">
          <TestPage />
          <Devices />
          <Me />
          <ThisBrowser />
        </div>
      </div>
    </>
  );
}

function Health({ found: { status, reasons, synthetic } }: { found: IntegrationsDto }) {
  if (reasons.length === 0 && synthetic === undefined) return null;
  return (
    <Panel
      title="Tocsin itself"
      end={<Tag kind={status === 'ok' ? 'ok' : status === 'degraded' ? 'warn' : 'critical'}>{status}</Tag>}
    >
      <ul class="in stack tight">
        {reasons.map(({ kind, text, rule, since }) => (
          <li key={`${kind} ${rule ?? text}`}>
            {text}
            {since === undefined ? '' : ', since '}
            {since === undefined ? null : <Time at={since} />}
          </li>
        ))}
        {synthetic === undefined ? null : (
          <li class="dim">
            The synthetic incident of <Time at={synthetic.startedAt} />: {synthetic.state}.
          </li>
        )}
      </ul>
    </Panel>
  );
}

function Hooks({ hooks }: { hooks: IntegrationsDto['hooks'] }) {
  if (hooks.length === 0) return null;
  return (
    <Panel title="Rollback hooks" count={hooks.length}>
      <table>
        <thead>
          <tr>
            <th scope="col">Deployment</th>
            <th scope="col">Kind</th>
            <th scope="col">State</th>
          </tr>
        </thead>
        <tbody>
          {hooks.map(({ deployment, kind, answeredAt, unanswered }) => (
            <tr key={deployment}>
              <td class="strong">{deployment}</td>
              <td>{kind}</td>
              <td>
                {unanswered ? <Tag kind="warn">does not answer</Tag> : null}
                {answeredAt === undefined ? <span class="dim"> not asked yet</span> : null}
                {answeredAt === undefined ? null : (
                  <span class="dim">
                    {' '}
                    answered <Time at={answeredAt} />
                  </span>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}
