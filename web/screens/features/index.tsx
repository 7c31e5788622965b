import { useRoute } from 'preact-iso/router';
import { AllModels } from './all-models.tsx';
import { FeaturesOfModel } from './of-model.tsx';
import { OneFeature } from './one.tsx';

/** Which input changed, how, since when? Of all models, of one, or one feature. */
export default function Features() {
  const { params } = useRoute();
  const { model, feature } = params;
  if (model === undefined) return <AllModels />;
  return feature === undefined ? <FeaturesOfModel model={model} /> : <OneFeature model={model} feature={feature} />;
}
