import { feast } from './feast.ts';
import { vllm } from './llm.ts';
import { bentoml, kserve, rayServe, tfserving, torchserve, triton } from './model-servers.ts';
import type { Preset } from './preset.ts';
import { sagemaker } from './sagemaker.ts';

/** By the name that `tocsin presets NAME` takes. */
export const presets: Readonly<Record<string, Preset>> = {
  triton,
  kserve,
  vllm,
  torchserve,
  tfserving,
  bentoml,
  'ray-serve': rayServe,
  sagemaker,
  feast,
};
