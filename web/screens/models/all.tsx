import { useRef } from 'preact/hooks';
import type { ModelSeenDto, ModelsDto } from '../../../http/api/dto/model.ts';
import { withQuery } from '../../../http/console/asked-first.ts';
import { useView } from '../../data/address.ts';
import { useAnswer } from '../../data/answer.ts';
import { useKeys } from '../../frame/keys.ts';
import { useScope } from '../../frame/scope.ts';
import { useTitle } from '../../frame/title.ts';
import { FilterField } from '../../parts/filter-field.tsx';
import { Mark } from '../../parts/mark.tsx';
import { OfOthers } from '../../parts/of-others.tsx';
import { Panel } from '../../parts/panel.tsx';
import { moveRow } from '../../parts/row-keys.ts';
import { Shown } from '../../parts/states.tsx';
import { Time } from '../../parts/time.tsx';
import { concernsModels, markOfRules, modelsSentence, rulesText, unjudgedIn } from './words.ts';

/** Every model that sends predictions: what serves, and whether it is well. */
export function AllModels() {
  const { query, set } = useView();
  const { team } = useScope();
  const answer = useAnswer<ModelsDto>(withQuery('/api/models', { team, limit: 500 }), concernsModels);
  const headline = answer.value === undefined ? 'Models' : modelsSentence(answer.value);
  const filter = query['q'] ?? '';
  useTitle(headline);
  const list = useRef<HTMLDivElement>(null);
  useKeys('Models', {
    j: { text: 'Next model', run: () => moveRow(list, 1) },
    k: { text: 'Model before', run: () => moveRow(list, -1) },
  });
  const isAsked = ({ model, source, owners }: ModelSeenDto): boolean =>
    `${model} ${source} ${owners.join(' ')}`.toLowerCase().includes(filter.toLowerCase());
  return (
    <>
      <h1>{headline}</h1>
      <OfOthers others={answer.value?.ofOthers} />
      <div class="stack" ref={list}>
        <FilterField label="Model or owner" value={filter} change={(value) => set({ q: value })} />
        <Shown answer={answer} what="models">
          {({ models, total }) => {
            const shown = models.filter(isAsked);
            return (
              <Panel title="Models" count={total}>
                {shown.length === 0 ? (
                  <p class="in dim">
                    {models.length === 0 && team !== undefined
                      ? `No model is of ${team}.`
                      : models.length === 0
                        ? 'Add a source of the kind predictions: docs/quickstart.md.'
                        : `No model is named ${filter}.`}
                  </p>
                ) : null}
                <ul>
                  {shown.map((one) => (
                    <ModelRow key={one.source} model={one} />
                  ))}
                </ul>
                {total > models.length ? (
                  <p class="in dim">
                    {models.length} of {total}, by name.
                  </p>
                ) : null}
              </Panel>
            );
          }}
        </Shown>
      </div>
    </>
  );
}

function ModelRow({
  model: { model, source, serves, rules, openIncidents, features, trainings, owners },
}: {
  model: ModelSeenDto;
}) {
  const from = `?source=${encodeURIComponent(source)}`;
  return (
    <li class="in row model-row">
      <Mark kind={markOfRules(rules)} alone />
      <a class="strong" data-row href={`/models/${encodeURIComponent(model)}${from}`}>
        {model}
      </a>
      <span class="dim">
        {rulesText(rules)}
        {unjudgedIn(rules) > 0 ? (
          <>
            :{' '}
            <a href={withQuery('/rules', { model })}>
              why<span class="vh"> {model} is not judged</span>
            </a>
          </>
        ) : null}
      </span>
      {serves === undefined ? null : (
        <span class="dim">
          {serves.version} serves since <Time at={serves.since} />
        </span>
      )}
      {openIncidents === 0 ? null : (
        <span class="t-critical">
          {openIncidents} open {openIncidents === 1 ? 'incident' : 'incidents'}
        </span>
      )}
      {features === 0 ? null : (
        <a href={`/features/${encodeURIComponent(model)}${from}`}>{features === 1 ? '1 feature' : `${features} features`}</a>
      )}
      {trainings === 0 ? null : (
        <span class="dim">{trainings === 1 ? '1 training profile' : `${trainings} training profiles`}</span>
      )}
      {owners.length === 0 ? null : <span class="dim">of {owners.join(', ')}</span>}
    </li>
  );
}
