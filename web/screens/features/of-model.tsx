import { useRef, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import type { FeaturesDto } from '../../../http/api/dto/feature.ts';
import { useAnswer } from '../../data/answer.ts';
import { useKeys } from '../../frame/keys.ts';
import { useTitle } from '../../frame/title.ts';
import { CopyButton } from '../../parts/copy-button.tsx';
import { Tag } from '../../parts/mark.tsx';
import { Panel } from '../../parts/panel.tsx';
import { moveRow } from '../../parts/row-keys.ts';
import { Shown } from '../../parts/states.tsx';
import { featuresCsv } from './bars.ts';
import { FeatureCard } from './card.tsx';
import { Compared } from './compared.tsx';
import { Controls } from './controls.tsx';
import { Distribution } from './distribution.tsx';
import { FeatureFacts } from './facts.tsx';
import { addressWith, askedOf, concernsFeatures, worstMark } from './words.ts';

const pageSize = 24;
const mostAtOnce = 96;

/** Which input of a model changed, how, and since when. */
export function FeaturesOfModel({ model }: { model: string }) {
  const { query } = useLocation();
  const [limit, setLimit] = useState(pageSize);
  const asked = askedOf(query);
  const address = addressWith(`/api/models/${encodeURIComponent(model)}/features`, asked, { limit: String(limit) });
  const answer = useAnswer<FeaturesDto>(address, (change) => concernsFeatures(change));
  const headline = answer.value?.headline.title ?? `Features of ${model}`;
  useTitle(headline);
  const list = useRef<HTMLDivElement>(null);
  useKeys('Features', {
    j: { text: 'Next feature', run: () => moveRow(list, 1) },
    k: { text: 'Feature before', run: () => moveRow(list, -1) },
  });
  const mark = worstMark(answer.value?.features ?? []);
  return (
    <>
      <p class="row small">
        <a href="/features">Features</a> <span class="dim3">/</span> <a href={`/models/${encodeURIComponent(model)}`}>{model}</a>
        {mark === undefined ? null : <Tag kind={mark} />}
        {answer.value === undefined ? null : <Compared found={answer.value} />}
      </p>
      <h1>{headline}</h1>
      {answer.value === undefined || answer.value.headline.detail === '' ? null : (
        <p class="lede">{answer.value.headline.detail}</p>
      )}
      <div class="stack" ref={list}>
        <Shown answer={answer} what={`features of ${model}`} lines={10}>
          {(found) => (
            <Found found={found} model={model} asked={asked} more={() => setLimit(Math.min(mostAtOnce, limit + pageSize))} />
          )}
        </Shown>
      </div>
    </>
  );
}

type FoundProps = { found: FeaturesDto; model: string; asked: Record<string, string>; more(): void };

function Found({ found, model, asked, more }: FoundProps) {
  const { features, total, bounds, empty } = found;
  const [worst] = features;
  const addressOf = (feature: string): string =>
    addressWith(`/features/${encodeURIComponent(model)}/${encodeURIComponent(feature)}`, asked, {});
  return (
    <>
      <Controls found={found} />
      {empty === undefined ? null : (
        <p class="note">Profiles come with the predictions: docs/judging.md says how a source keeps them.</p>
      )}
      {worst === undefined ? null : (
        <Panel
          title={worst.unit === undefined ? worst.feature : `${worst.feature}, ${worst.unit}`}
          end={<a href={addressOf(worst.feature)}>Over time</a>}
        >
          <div class="in feature-large">
            <Distribution feature={worst} large />
            <div>
              <FeatureFacts feature={worst} bounds={bounds} />
              <Notes notes={worst.notes} reason={worst.verdict.reason} />
            </div>
          </div>
        </Panel>
      )}
      {features.length === 0 ? null : (
        <Panel
          title="All features"
          count={total}
          end={
            <>
              <Key />{' '}
              <CopyButton text={() => featuresCsv(features)} what="The table">
                Copy as CSV
              </CopyButton>
            </>
          }
        >
          <ul class="feature-cards">
            {features.map((feature) => (
              <FeatureCard
                key={`${feature.feature} ${Object.values(feature.labels).join(' ')}`}
                feature={feature}
                address={addressOf(feature.feature)}
              />
            ))}
          </ul>
          {total === features.length ? null : (
            <p class="in row">
              <span class="dim">
                {features.length} of {total}, those with most evidence of drift.
              </span>
              {features.length >= mostAtOnce ? null : (
                <button type="button" onClick={more}>
                  Show more
                </button>
              )}
            </p>
          )}
        </Panel>
      )}
    </>
  );
}

const Key = () => (
  <span class="feature-key">
    <i class="was" /> before <i class="is" /> now
  </span>
);

export const Notes = ({ notes, reason }: { notes: readonly string[]; reason: string }) => (
  <ul class="feature-notes small dim">
    {notes.map((note) => (
      <li key={note}>{note}</li>
    ))}
    <li>{reason}</li>
  </ul>
);
