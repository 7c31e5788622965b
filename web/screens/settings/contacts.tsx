import type { IntegrationsDto } from '../../../http/api/dto/integrations.ts';
import { type MarkKind, Tag } from '../../parts/mark.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Time } from '../../parts/time.tsx';
import { type ContactWord, contactWord, isIll } from './sentence.ts';

const markOf: Readonly<Record<ContactWord, MarkKind>> = {
  'set aside': 'critical',
  'pages wait': 'warn',
  'failed last': 'warn',
  works: 'good',
  'not used lately': 'unsure',
};

/** Ways to reach people, those with trouble first. */
export function Contacts({ contacts, incidents }: { contacts: IntegrationsDto['contacts']; incidents: number }) {
  const sorted = contacts.toSorted((a, b) => Number(isIll(contactWord(b))) - Number(isIll(contactWord(a))));
  return (
    <Panel title="Contacts" count={contacts.length} end={`by pages of the last ${incidents} incidents`}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls takes the focus. */}
      <div class="scroll" tabIndex={0} role="group" aria-label="Contacts">
        <table class="lines">
          <thead>
            <tr>
              <th scope="col">Contact</th>
              <th scope="col">Of</th>
              <th scope="col">State</th>
              <th scope="col">Last</th>
            </tr>
          </thead>
          <tbody>
            {sorted.map((contact) => (
              <ContactRow key={contact.key} contact={contact} />
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}

function ContactRow({ contact }: { contact: IntegrationsDto['contacts'][number] }) {
  const { key, owners, deliveredAt, failure, waiting, held, oldestAt, lastError, setAside } = contact;
  const word = contactWord(contact);
  return (
    <tr>
      <td class="nowrap">
        <code>{key}</code>
      </td>
      <td class="dim">{owners.map((owner) => owner.replace(/^responder\//, '')).join(', ')}</td>
      <td>
        <Tag kind={markOf[word]}>{word}</Tag>
        {waiting + held === 0 ? null : (
          <span class="small dim">
            {' '}
            {waiting + held} {waiting + held === 1 ? 'page waits' : 'pages wait'}
            {oldestAt === undefined ? '' : ', the oldest since '}
            {oldestAt === undefined ? null : <Time at={oldestAt} />}
          </span>
        )}
        {setAside === undefined ? null : (
          <span class="small dim">
            ; no answer since <Time at={setAside.since} />, tried again <Time at={setAside.triedAt} seconds />
          </span>
        )}
      </td>
      <td class="small">
        {deliveredAt === undefined ? null : (
          <p>
            took a page <Time at={deliveredAt} />
          </p>
        )}
        {failure === undefined ? null : (
          <p class={word === 'failed last' ? 't-warn' : 'dim'}>
            {failure.kind === 'slow' ? 'slow' : 'did not take one'} <Time at={failure.at} />: {failure.text}
          </p>
        )}
        {lastError === undefined ? null : <p class="t-warn">{lastError}</p>}
        {deliveredAt === undefined && failure === undefined && lastError === undefined ? <span class="dim">–</span> : null}
      </td>
    </tr>
  );
}
