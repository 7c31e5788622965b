import { useLocation } from 'preact-iso/router';
import type { DeploymentsDto } from '../../../http/api/dto/deployment.ts';
import { useAnswer } from '../../data/answer.ts';
import { useTitle } from '../../frame/title.ts';
import { Shown } from '../../parts/states.tsx';
import { Ledger, ledgerParts } from './ledger.tsx';
import { deploymentsSentence, rollbackText } from './sentence.ts';
import { Serving } from './serving.tsx';

const kinds: readonly string[] = ['deployments', 'incident', 'incidents', 'baselines', 'config'];

/** What serves, since when, and did the last changes hurt? */
export default function Deployments() {
  const { query, path, route } = useLocation();
  const part = ledgerParts.find((one) => one === query['part']) ?? 'all';
  const answer = useAnswer<DeploymentsDto>('/api/deployments', ({ kind }) => kinds.includes(kind));
  const headline = answer.value === undefined ? 'Deployments' : deploymentsSentence(answer.value);
  const second = answer.value?.rollbacks.map(rollbackText).find((text) => text !== headline);
  useTitle(headline);
  return (
    <>
      <h1>{headline}</h1>
      {second === undefined ? null : <p class="lede">Before that: {second}</p>}
      <div class="stack">
        <Shown answer={answer} what="deployments" lines={8}>
          {(found) => (
            <>
              <Serving deployments={found.deployments} />
              <Ledger found={found} part={part} choose={(one) => route(one === 'all' ? path : `${path}?part=${one}`, true)} />
            </>
          )}
        </Shown>
      </div>
    </>
  );
}
