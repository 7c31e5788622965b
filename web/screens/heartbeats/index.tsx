import { useRef } from 'preact/hooks';
import type { HeartbeatListDto } from '../../../http/api/dto/heartbeat.ts';
import { useAnswer } from '../../data/answer.ts';
import type { Change } from '../../data/live.ts';
import { useKeys } from '../../frame/keys.ts';
import { useTitle } from '../../frame/title.ts';
import { moveRow } from '../../parts/row-keys.ts';
import { Shown } from '../../parts/states.tsx';
import { HeartbeatRow } from './row.tsx';
import { heartbeatsSentence } from './sentence.ts';

const kinds: readonly Change['kind'][] = ['heartbeats', 'alerts', 'rule', 'config'];

/** Do the jobs run that have to, and will they be done in time? */
export default function Heartbeats() {
  const list = useRef<HTMLUListElement>(null);
  const answer = useAnswer<HeartbeatListDto>('/api/heartbeats', ({ kind }) => kinds.includes(kind));
  const headline = answer.value === undefined ? 'Heartbeats' : heartbeatsSentence(answer.value.heartbeats);
  useTitle(headline);
  useKeys('Heartbeats', {
    j: { text: 'Next heartbeat', run: () => moveRow(list, 1) },
    k: { text: 'Heartbeat before', run: () => moveRow(list, -1) },
  });
  return (
    <>
      <h1>{headline}</h1>
      <div class="stack">
        <Shown answer={answer} what="heartbeats">
          {({ heartbeats }) =>
            heartbeats.length === 0 ? (
              <p class="panel in-panel dim">
                The config has no heartbeat. With one, a job says that it starts and ends, and Tocsin pages when it does not:
                docs/heartbeats.md.
              </p>
            ) : (
              <ul class="panel heartbeats" ref={list}>
                {heartbeats.map((heartbeat) => (
                  <HeartbeatRow key={heartbeat.name} heartbeat={heartbeat} />
                ))}
              </ul>
            )
          }
        </Shown>
      </div>
    </>
  );
}
