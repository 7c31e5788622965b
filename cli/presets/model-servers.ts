import type { Preset } from './preset.ts';
import { above, failureShare, meanOf, p99, traffic } from './promql.ts';

const byModel = { by: ['model'], model: 'model' };
const byName = { by: ['model_name'], model: 'model_name' };

export const triton: Preset = {
  server: 'NVIDIA Triton Inference Server',
  asks: 'prometheus',
  documentation: 'https://docs.nvidia.com/deeplearning/triton-inference-server/user-guide/docs/user_guide/metrics.html',
  notes: ['Its durations are microseconds; the rules give milliseconds.'],
  rules: {
    'triton-failures': failureShare(
      'Share of failed inference requests',
      { counters: ['nv_inference_request_failure'], ...byModel },
      { counters: ['nv_inference_request_success', 'nv_inference_request_failure'], ...byModel },
    ),
    'triton-latency': meanOf(
      'Mean time of a request, ms',
      { counters: ['nv_inference_request_duration_us'], ...byModel },
      { counters: ['nv_inference_request_success'], ...byModel },
    ),
    'triton-queue': meanOf(
      'Mean time of a request in the queue, ms',
      { counters: ['nv_inference_queue_duration_us'], ...byModel },
      { counters: ['nv_inference_request_success'], ...byModel },
    ),
    'triton-pending': above(
      'Requests waiting',
      'nv_inference_pending_request_count',
      byModel,
      { warn: 20, critical: 100 },
      'latency',
    ),
    'triton-gpu-memory': above(
      'Share of GPU memory in use',
      'nv_gpu_memory_used_bytes / nv_gpu_memory_total_bytes',
      { by: ['gpu_uuid'], model: 'model' },
      { warn: 0.9, critical: 0.97, max: 1 },
      'resource',
    ),
    'triton-traffic': traffic('Requests a second', { counters: ['nv_inference_request_success'], ...byModel }),
  },
};

export const kserve: Preset = {
  server: 'KServe, its Python model servers (scikit-learn, XGBoost, LightGBM, Hugging Face, custom)',
  asks: 'prometheus',
  documentation: 'https://kserve.github.io/website/latest/modelserving/observability/prometheus_metrics',
  notes: [
    'They count no failures; take those of the gateway before them. Triton and TorchServe below KServe have their own presets.',
    'Needs the annotation serving.kserve.io/enable-prometheus-scraping: "true".',
  ],
  rules: {
    'kserve-latency': p99('p99 of the prediction, seconds', 'request_predict_seconds_bucket', byName),
    'kserve-preprocessing': p99('p99 of preprocessing, seconds', 'request_preprocess_seconds_bucket', byName),
    'kserve-traffic': traffic('Predictions a second', { counters: ['request_predict_seconds_count'], ...byName }),
  },
};

const torchAll = ['Requests2XX', 'Requests4XX', 'Requests5XX'];
const byHost = { by: ['Hostname'], model: 'model' };

export const torchserve: Preset = {
  server: 'TorchServe',
  asks: 'prometheus',
  documentation: 'https://pytorch.org/serve/metrics.html',
  notes: [
    'Needs metrics_mode=prometheus. Failures are counted for each host and not for each model. The project is no longer maintained.',
  ],
  rules: {
    'torchserve-failures': failureShare(
      'Share of requests answered 5xx',
      { counters: ['Requests5XX'], ...byHost },
      { counters: torchAll, ...byHost },
    ),
    'torchserve-latency': meanOf(
      'Mean time of an inference, ms',
      { counters: ['ts_inference_latency_microseconds'], ...byName },
      { counters: ['ts_inference_requests_total'], ...byName },
    ),
    'torchserve-queue': meanOf(
      'Mean time of an inference in the queue, ms',
      { counters: ['ts_queue_latency_microseconds'], ...byName },
      { counters: ['ts_inference_requests_total'], ...byName },
    ),
    'torchserve-traffic': traffic('Inferences a second', { counters: ['ts_inference_requests_total'], ...byName }),
  },
};

export const tfserving: Preset = {
  server: 'TensorFlow Serving',
  asks: 'prometheus',
  documentation: 'https://www.tensorflow.org/tfx/serving/serving_config',
  notes: ['Needs --monitoring_config_file with prometheus_config. Its latency is microseconds.'],
  rules: {
    'tfserving-failures': failureShare(
      'Share of requests that are not OK',
      { counters: [':tensorflow:serving:request_count{status!="OK"}'], ...byName },
      { counters: [':tensorflow:serving:request_count'], ...byName },
    ),
    'tfserving-latency': p99('p99 of a request, microseconds', ':tensorflow:serving:request_latency_bucket', byName),
    'tfserving-traffic': traffic('Requests a second', { counters: [':tensorflow:serving:request_count'], ...byName }),
  },
};

/** Probes of Kubernetes are counted with the predictions. */
const asked = 'endpoint!~"/(readyz|livez|healthz|metrics)"';
const byService = { by: ['service_name', 'endpoint'], model: 'service_name' };

export const bentoml: Preset = {
  server: 'BentoML',
  asks: 'prometheus',
  documentation: 'https://docs.bentoml.com/en/latest/build-with-bentoml/observability/metrics.html',
  notes: ['Probes such as /readyz are left out.'],
  rules: {
    'bentoml-failures': failureShare(
      'Share of requests answered 5xx',
      { counters: [`bentoml_service_request_total{http_response_code=~"5..", ${asked}}`], ...byService },
      { counters: [`bentoml_service_request_total{${asked}}`], ...byService },
    ),
    'bentoml-latency': p99('p99 of a request, seconds', `bentoml_service_request_duration_seconds_bucket{${asked}}`, byService),
    'bentoml-in-progress': above(
      'Requests in progress',
      `bentoml_service_request_in_progress{${asked}}`,
      byService,
      { warn: 50, critical: 200 },
      'latency',
    ),
    'bentoml-traffic': traffic('Requests a second', { counters: [`bentoml_service_request_total{${asked}}`], ...byService }),
  },
};

const byDeployment = { by: ['application', 'deployment'], model: 'deployment' };

export const rayServe: Preset = {
  server: 'Ray Serve',
  asks: 'prometheus',
  documentation: 'https://docs.ray.io/en/latest/serve/monitoring.html',
  notes: ['Since Ray 2.10 counters end in _total.'],
  rules: {
    'ray-serve-failures': failureShare(
      'Share of requests that raise an exception',
      { counters: ['ray_serve_deployment_error_counter_total'], ...byDeployment },
      {
        counters: ['ray_serve_deployment_request_counter_total', 'ray_serve_deployment_error_counter_total'],
        ...byDeployment,
      },
    ),
    'ray-serve-latency': p99('p99 of a request, ms', 'ray_serve_deployment_processing_latency_ms_bucket', byDeployment),
    'ray-serve-queued': above(
      'Requests that wait for a replica',
      'ray_serve_deployment_queued_queries',
      byDeployment,
      { warn: 20, critical: 100 },
      'latency',
    ),
    'ray-serve-traffic': traffic('Requests a second', {
      counters: ['ray_serve_deployment_request_counter_total'],
      ...byDeployment,
    }),
  },
};
