import { useLocation } from 'preact-iso/router';
import type { FeatureDetailDto, FeatureDto } from '../../../http/api/dto/feature.ts';
import { useAnswer } from '../../data/answer.ts';
import { useTitle } from '../../frame/title.ts';
import { Tag } from '../../parts/mark.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Shown } from '../../parts/states.tsx';
import { Compared } from './compared.tsx';
import { Controls } from './controls.tsx';
import { Distribution } from './distribution.tsx';
import { FeatureFacts } from './facts.tsx';
import { Notes } from './of-model.tsx';
import { OverTime } from './over-time.tsx';
import { addressWith, askedOf, concernsFeatures, markOf } from './words.ts';

/** One feature: what it was, what it is, and how it went there. */
export function OneFeature({ model, feature }: { model: string; feature: string }) {
  const { query } = useLocation();
  const asked = askedOf(query);
  const path = `/api/models/${encodeURIComponent(model)}/features/${encodeURIComponent(feature)}`;
  const answer = useAnswer<FeatureDetailDto>(addressWith(path, asked, {}), concernsFeatures);
  const [first] = answer.value?.features ?? [];
  const headline = headlineOf(feature, first, answer.value?.empty);
  useTitle(headline);
  return (
    <>
      <p class="row small">
        <a href={addressWith(`/features/${encodeURIComponent(model)}`, asked, {})}>Features of {model}</a>{' '}
        <span class="dim3">/</span> <b class="mono">{feature}</b>
        {first === undefined ? null : <Tag kind={markOf(first)} />}
        {answer.value === undefined ? null : <Compared found={answer.value} />}
      </p>
      <h1>{headline}</h1>
      <div class="stack">
        <Shown answer={answer} what={feature} lines={8}>
          {(found) => (
            <>
              <Controls found={found} />
              {found.features.map((one) => (
                <Panel key={Object.values(one.labels).join(' ')} title={titleOf(one)}>
                  <div class="in feature-large">
                    <Distribution feature={one} large />
                    <div>
                      <FeatureFacts feature={one} bounds={found.bounds} />
                      <Notes notes={one.notes} reason={one.verdict.reason} />
                    </div>
                  </div>
                </Panel>
              ))}
              <OverTime history={found.history} unit={first?.unit} />
            </>
          )}
        </Shown>
      </div>
    </>
  );
}

const titleOf = ({ feature, unit, labels }: FeatureDto): string =>
  [feature, ...(unit === undefined ? [] : [unit]), ...Object.values(labels)].join(', ');

function headlineOf(name: string, feature: FeatureDto | undefined, empty: string | undefined): string {
  if (feature === undefined) return empty ?? name;
  return feature.verdict.status === 'ok' ? `${name} is as it was.` : feature.sentence;
}
