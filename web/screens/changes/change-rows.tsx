import type { RefObject } from 'preact';
import type { ChangeDto } from '../../../http/api/dto/change.ts';
import { addressOf } from '../../parts/incident-row.tsx';
import { Mark } from '../../parts/mark.tsx';
import { Time } from '../../parts/time.tsx';
import { sameThing } from './changes-address.ts';

/** Changes as lines; the focus moves along their sentences. */
export function ChangeRows({ changes, table }: { changes: readonly ChangeDto[]; table: RefObject<HTMLDivElement | null> }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls takes the focus.
    <div class="scroll" tabIndex={0} role="group" aria-label="Changes" ref={table}>
      <table class="lines">
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col">Kind</th>
            <th scope="col">What</th>
            <th scope="col">By</th>
            <th scope="col">Incidents</th>
          </tr>
        </thead>
        <tbody>
          {changes.map((change) => (
            <ChangeRow key={change.id} change={change} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function ChangeRow({ change }: { change: ChangeDto }) {
  const { at, kind, thing, text, labels, by, sender, link, incidents } = change;
  const shown = Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .join(', ');
  return (
    <tr>
      <td class="nowrap">
        <Time at={at} />
      </td>
      <td class="nowrap">{kind}</td>
      <td>
        <a href={sameThing(thing)} data-row title={`All changes of ${thing}`}>
          {text}
        </a>
        <br />
        <span class="small dim3">{shown}</span>
        {link === undefined ? null : (
          <span class="small">
            {' '}
            <a href={link} rel="noreferrer">
              Its link
            </a>
          </span>
        )}
      </td>
      <td>
        {by}
        {sender === by || sender.endsWith(`:${by}`) ? null : (
          <>
            <br />
            <span class="small dim3">{sender}</span>
          </>
        )}
      </td>
      <td>
        {incidents.map(({ id, title, status, severity }) => (
          <div key={id} class="nowrap">
            <Mark kind={status === 'resolved' ? 'good' : severity === 'info' ? 'ok' : severity} />{' '}
            <a href={addressOf(id)}>{title}</a>
          </div>
        ))}
      </td>
    </tr>
  );
}
