import type { ModelsDto } from '../../../http/api/dto/model.ts';
import { withQuery } from '../../../http/console/asked-first.ts';
import { useAnswer } from '../../data/answer.ts';
import { useScope } from '../../frame/scope.ts';
import { useTitle } from '../../frame/title.ts';
import { OfOthers } from '../../parts/of-others.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Shown } from '../../parts/states.tsx';

/** The models of which features can be looked at. */
export function AllModels() {
  const { team } = useScope();
  const answer = useAnswer<ModelsDto>(
    withQuery('/api/models', { team, limit: 500 }),
    ({ kind }) => kind === 'config' || kind === 'baselines',
  );
  const kept = answer.value?.models.filter(({ features }) => features > 0).length ?? 0;
  const headline =
    answer.value === undefined
      ? 'Features'
      : kept === 0
        ? `No model${team === undefined ? '' : ` of ${team}`} keeps profiles of its features.`
        : `${kept === 1 ? 'One model keeps' : `${kept} models keep`} profiles of ${kept === 1 ? 'its' : 'their'} features.`;
  useTitle(headline);
  return (
    <>
      <h1>{headline}</h1>
      <OfOthers others={answer.value?.ofOthers} />
      <div class="stack">
        <Shown answer={answer} what="models">
          {({ models }) => (
            <Panel title="Models" count={models.length}>
              {models.length === 0 ? (
                <p class="in dim">
                  {team === undefined ? 'No source of the config takes predictions.' : `No model is of ${team}.`}
                </p>
              ) : null}
              <ul>
                {models.map(({ model, source, features, driftRules }) => (
                  <li key={source} class="in row">
                    <a href={`/features/${encodeURIComponent(model)}?source=${encodeURIComponent(source)}`}>{model}</a>
                    <span class="dim">
                      {features === 0
                        ? `no profiles; add profiles: true to the source ${source}`
                        : `${features} ${features === 1 ? 'feature' : 'features'}, ${driftRules === 0 ? 'no rule judges their drift' : `judged by ${driftRules} ${driftRules === 1 ? 'rule' : 'rules'}`}`}
                    </span>
                  </li>
                ))}
              </ul>
            </Panel>
          )}
        </Shown>
      </div>
    </>
  );
}
