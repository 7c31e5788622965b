import type { DeploymentsDto, RollbackSeenDto, ServedVersionDto } from '../../../http/api/dto/deployment.ts';
import { type MarkKind, Tag } from '../../parts/mark.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Age, Time } from '../../parts/time.tsx';

export const ledgerParts = ['all', 'releases', 'rollbacks'] as const;
export type LedgerPart = (typeof ledgerParts)[number];

type Entry = { at: string } & ({ rollback: RollbackSeenDto } | { version: ServedVersionDto });

/** Every version that began to serve and every rollback, the latest first, with what came of it. */
export function Ledger(props: {
  found: Pick<DeploymentsDto, 'rollbacks' | 'versions'>;
  part: LedgerPart;
  choose(part: LedgerPart): void;
}) {
  const { found, part, choose } = props;
  const entries: Entry[] = [
    ...(part === 'rollbacks' ? [] : found.versions.map((version) => ({ at: version.from, version }))),
    ...(part === 'releases' ? [] : found.rollbacks.map((rollback) => ({ at: rollback.at, rollback }))),
  ].toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at));
  return (
    <Panel
      title="Ledger"
      count={entries.length}
      end={
        <fieldset class="choice">
          <legend class="vh">Which entries</legend>
          {ledgerParts.map((one) => (
            <button key={one} type="button" aria-pressed={one === part} onClick={() => choose(one)}>
              {one[0]?.toUpperCase()}
              {one.slice(1)}
            </button>
          ))}
        </fieldset>
      }
    >
      {entries.length === 0 ? (
        <p class="in dim">
          Nothing yet. A version is seen with its first prediction record, or when it is promoted; a rollback when an alert asks
          for one.
        </p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls takes the focus.
        <div class="scroll" tabIndex={0} role="group" aria-label="Ledger">
          <table class="lines">
            <thead>
              <tr>
                <th scope="col">When</th>
                <th scope="col">What</th>
                <th scope="col">Version</th>
                <th scope="col">How</th>
                <th scope="col">Since then</th>
              </tr>
            </thead>
            <tbody>
              {entries.map((entry) =>
                'rollback' in entry ? (
                  <RollbackRow key={`${entry.at} ${entry.rollback.incident}`} rollback={entry.rollback} />
                ) : (
                  <VersionRow key={`${entry.at} ${entry.version.source} ${entry.version.version}`} version={entry.version} />
                ),
              )}
            </tbody>
          </table>
        </div>
      )}
    </Panel>
  );
}

const Flag = ({ back }: { back: boolean }) => (
  <svg class="mark accent" viewBox="0 0 12 12" aria-hidden="true">
    <path d={back ? 'M10 1 2 6l8 5z' : 'M2 1l8 5-8 5z'} fill="currentColor" />
  </svg>
);

function VersionRow({ version }: { version: ServedVersionDto }) {
  const { model, version: name, from, until, how, by, incidents, incidentCount = 0 } = version;
  const worst = incidents?.some(({ worst: severity }) => severity === 'critical') ? 'critical' : 'warn';
  return (
    <tr>
      <td class="nowrap">
        <Time at={from} />
      </td>
      <td class="strong">
        <Flag back={how === 'rolled back'} /> {model}
      </td>
      <td>
        <code>{name}</code>
      </td>
      <td>
        {how === undefined ? 'served' : `${how}${by === undefined ? '' : `, ${by}`}`}
        <span class="dim">
          , {until === undefined ? 'for ' : ''}
          <Age since={from} {...(until === undefined ? {} : { until })} />
        </span>
      </td>
      <td>
        {incidents === undefined ? (
          <span class="dim">too long ago to tell</span>
        ) : incidentCount === 0 ? (
          <span class="dim">no incident</span>
        ) : (
          <span class="row">
            <Tag kind={worst}>{incidentCount === 1 ? '1 incident' : `${incidentCount} incidents`}</Tag>
            {incidents.slice(0, 2).map(({ id, title }) => (
              <a key={id} href={`/incidents/${encodeURIComponent(id)}`}>
                {title}
              </a>
            ))}
          </span>
        )}
      </td>
    </tr>
  );
}

const shownState: Readonly<Record<RollbackSeenDto['state'], { kind: MarkKind; text: string }>> = {
  inspecting: { kind: 'unsure', text: 'asking' },
  offered: { kind: 'unsure', text: 'offered' },
  refused: { kind: 'none', text: 'refused' },
  running: { kind: 'unsure', text: 'running' },
  confirming: { kind: 'unsure', text: 'confirming' },
  verifying: { kind: 'unsure', text: 'watched' },
  succeeded: { kind: 'good', text: 'proven' },
  failed: { kind: 'critical', text: 'failed' },
};

function RollbackRow({ rollback }: { rollback: RollbackSeenDto }) {
  const { deployment, state, from, to, reason, at, incident, title, unproven, by } = rollback;
  const { kind, text } = shownState[state];
  return (
    <tr>
      <td class="nowrap">
        <Time at={at} />
      </td>
      <td class="strong">
        <Flag back /> {deployment}
      </td>
      <td>
        {to === undefined ? '–' : <code>{to}</code>}
        {from === undefined ? null : (
          <span class="dim">
            {' '}
            from <code>{from}</code>
          </span>
        )}
      </td>
      <td>
        rollback{by === undefined ? '' : ` by ${by}`}, <a href={`/incidents/${encodeURIComponent(incident)}`}>{title}</a>
      </td>
      <td>
        <Tag kind={kind}>{text}</Tag> <span class="dim">{unproven ?? reason}</span>
      </td>
    </tr>
  );
}
