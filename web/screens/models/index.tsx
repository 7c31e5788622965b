import { useRoute } from 'preact-iso/router';
import { AllModels } from './all.tsx';
import { OneModel } from './one.tsx';

/** All models, or one. */
export default function Models() {
  const { model } = useRoute().params;
  return model === undefined ? <AllModels /> : <OneModel model={model} />;
}
