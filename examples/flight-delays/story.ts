import { type Flight, readFlights, reportedAt } from './data.ts';
import { type Features, recentLateness } from './features.ts';
import { lateFromScore, type Model, trainVersions, versions } from './model.ts';
import type { ModelServer } from './model-server.ts';
import { nightlyRun, type ReportNightly } from './nightly.ts';

export type StoryEvent = {
  /** Milliseconds since the epoch; events come in this order. */
  at: number;
  /** What a person may want to read when it happens. */
  label?: string;
  run(): Promise<void>;
};

export type FlightStory = { from: number; to: number; events: Iterable<StoryEvent> };

export type StoryOptions = {
  /** Name of the source in the config that takes the records. */
  source: string;
  /** Sends records, or changes, to Tocsin; `key` is the Idempotency-Key of the batch. */
  post(path: string, records: object[], key: string): Promise<void>;
  /** Tells of the nightly job; without it, there is none. */
  report?: ReportNightly;
  server: Pick<ModelServer, 'deploy' | 'current'>;
  /** Varies how long airlines take to report; the flights are what they are. */
  seed?: number;
};

/** January is for training, February and March are served. */
export const servedFrom = Date.UTC(2001, 1, 1);
/** Six hours after the last flight: what is reported later changes nothing any more. */
export const servedTo = Date.UTC(2001, 3, 1, 6);

/**
 * The second version goes live on a Tuesday morning, two quiet days after the bad weather of the
 * week before: its team waited for figures that were good again.
 */
export const releaseAt = Date.UTC(2001, 2, 20, 10);

/** What the team's CI tells of the release. */
const release = {
  kind: 'deploy',
  labels: { model: 'flight-delays', environment: 'production' },
  version: versions.faulty,
  previousVersion: versions.good,
  by: 'the release job',
  timestamp: new Date(releaseAt).toISOString(),
  id: `release ${versions.faulty}`,
};

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** When the nightly job begins, which is done within the hour. */
const nightlyHour = 3 * hourMs;

/** One inference record, in the shape that POST /v1/predictions takes. */
type PredictionRecord = {
  id: string;
  timestamp: string;
  model: string;
  version: string;
  features: Features;
  prediction: boolean;
  score: number;
};

/** The model's name; the source in the config names the same. */
export const modelName = 'flight-delays';

/**
 * February and March 2001 as the pipeline lived through them. The live version predicts each flight
 * at its departure; the inference log is shipped at the end of the hour, and so are the labels that
 * were reported in it. Which version is live is asked when it happens, so a rollback changes what
 * comes after it.
 */
export function flightStory({ source, post, report, server, seed }: StoryOptions): FlightStory {
  const flights = readFlights();
  const models = trainVersions(flights.filter(({ departedAt }) => departedAt < servedFrom));
  const served = servedFlights(flights, seed);
  const departures = Map.groupBy(served, ({ flight }) => hourOf(flight.departedAt));
  const reports = Map.groupBy(served, ({ reported }) => hourOf(reported));
  const modelOf = (version: string): Model => (version === models.faulty.version ? models.faulty : models.good);
  const departedOn = (day: number): number =>
    Array.from({ length: 24 }, (_, hour) => departures.get(day + hour * hourMs)?.length ?? 0).reduce((sum, one) => sum + one, 0);
  const query = `?source=${encodeURIComponent(source)}`;

  function* events(): Generator<StoryEvent> {
    yield {
      at: servedFrom,
      label: `version ${versions.good} is live`,
      run: async () => server.deploy(versions.good, servedFrom),
    };
    for (let hour = servedFrom; hour < servedTo; hour += hourMs) {
      if (hour === releaseAt) {
        yield {
          at: hour,
          label: `version ${versions.faulty} goes live`,
          async run() {
            server.deploy(versions.faulty, releaseAt);
            // As a CI job would tell of it: the incident that follows says what was changed before
            // it.
            await post('/v1/changes', [release], release.id);
          },
        };
      }
      if (report !== undefined && hour % dayMs === nightlyHour) {
        const day = hour - nightlyHour;
        for (const one of nightlyRun(day, departedOn(day - dayMs))) yield { at: one.at, run: () => report(one) };
      }
      // Shipped just before the hour turns, so that what is judged on the hour has it.
      const at = hour + hourMs - 1000;
      const key = new Date(hour).toISOString().slice(0, 13);
      const departed = departures.get(hour) ?? [];
      if (departed.length > 0) {
        const run = () =>
          post(
            `/v1/predictions${query}`,
            departed.map((one) => predictionOf(one, modelOf(server.current()))),
            `predictions ${key}`,
          );
        yield { at, run };
      }
      const reported = reports.get(hour) ?? [];
      if (reported.length > 0) {
        const labels = reported.map(({ flight }) => ({ id: flight.id, model: modelName, label: flight.late }));
        yield { at, run: () => post(`/v1/labels${query}`, labels, `labels ${key}`) };
      }
    }
  }
  return { from: servedFrom, to: servedTo, events: { [Symbol.iterator]: events } };
}

type ServedFlight = { flight: Flight; recentLate: number | null; reported: number };

/** Flights of the served months. What was late recently is known across the turn of the month. */
function servedFlights(flights: readonly Flight[], seed: number | undefined): ServedFlight[] {
  const recent = recentLateness(flights, seed);
  return flights
    .map((flight, index) => ({ flight, recentLate: recent[index] ?? null, reported: reportedAt(flight, seed) }))
    .filter(({ flight }) => flight.departedAt >= servedFrom);
}

function predictionOf({ flight, recentLate }: ServedFlight, model: Model): PredictionRecord {
  const features = model.featuresOf(flight, recentLate);
  const score = model.score(features);
  return {
    id: flight.id,
    timestamp: new Date(flight.departedAt).toISOString(),
    model: modelName,
    version: model.version,
    features,
    prediction: score >= lateFromScore,
    score,
  };
}

const hourOf = (at: number): number => Math.floor(at / hourMs) * hourMs;
