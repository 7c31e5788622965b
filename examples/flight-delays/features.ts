import { type Flight, reportedAt } from './data.ts';

/** What the model knows of a flight when it leaves the gate. null: not known. */
export type Features = {
  /** Hours into the local day, 0 to 24. */
  hour: number;
  /** 0 is Sunday. */
  weekday: number;
  /** In miles. */
  distance: number;
  /**
   * Share of late flights from and to the airport in the training month; null for an airport that
   * it did not have.
   */
  originLate: number | null;
  destinationLate: number | null;
  /**
   * Share of late ones among the flights whose outcome was reported in the last six hours; null
   * where none was.
   */
  recentLate: number | null;
};

/**
 * Share of late flights by airport, drawn to the overall share where an airport has few flights.
 */
export type LateShares = { origin: Map<string, number>; destination: Map<string, number> };

/** An airport counts as much as this many flights of the average airport. */
const priorFlights = 30;

export function lateShares(flights: readonly Flight[]): LateShares {
  const overall = shareLate(flights);
  const by = (airportOf: (flight: Flight) => string): Map<string, number> => {
    const shares = new Map<string, number>();
    for (const [airport, group] of Map.groupBy(flights, airportOf)) {
      const late = group.filter((flight) => flight.late).length;
      shares.set(airport, (late + priorFlights * overall) / (group.length + priorFlights));
    }
    return shares;
  };
  return { origin: by((flight) => flight.origin), destination: by((flight) => flight.destination) };
}

const shareLate = (flights: readonly Flight[]): number =>
  flights.length === 0 ? 0 : flights.filter((flight) => flight.late).length / flights.length;

export const recentMs = 6 * 3_600_000;

/**
 * For each flight, in order of departure: the share of late ones among the reports that came in
 * during the six hours before it. It looks at when a report arrived, not at when its flight flew:
 * nothing is known before its time.
 */
export function recentLateness(flights: readonly Flight[], seed?: number): (number | null)[] {
  const reports = flights.map((flight) => ({ at: reportedAt(flight, seed), late: flight.late })).sort((a, b) => a.at - b.at);
  let first = 0;
  let next = 0;
  let late = 0;
  return flights.map(({ departedAt }) => {
    for (let report = reports[next]; report !== undefined && report.at <= departedAt; report = reports[++next]) {
      late += Number(report.late);
    }
    for (let report = reports[first]; first < next && report !== undefined && report.at <= departedAt - recentMs; ) {
      late -= Number(report.late);
      report = reports[++first];
    }
    return next === first ? null : late / (next - first);
  });
}

const minutesIntoDay = (at: number): number => Math.floor(at / 60_000) % 1440;

/** The features that both versions were trained on, and that the first one serves with. */
export function featuresOf(flight: Flight, shares: LateShares, recentLate: number | null): Features {
  return {
    hour: minutesIntoDay(flight.departedAt) / 60,
    weekday: new Date(flight.departedAt).getUTCDay(),
    distance: flight.distanceMiles,
    originLate: shares.origin.get(flight.origin) ?? null,
    destinationLate: shares.destination.get(flight.destination) ?? null,
    recentLate,
  };
}

/**
 * The second version's serving code, which reads departures from a feed that has minutes after
 * midnight. It passes them on as `hour`, so 18:30 arrives as 1110 where the model learned 18.5. Its
 * training code still used `featuresOf`, and so did the evaluation before the release: only flights
 * that are served show the fault.
 */
export function featuresOfNewFeed(flight: Flight, shares: LateShares, recentLate: number | null): Features {
  return { ...featuresOf(flight, shares, recentLate), hour: minutesIntoDay(flight.departedAt) };
}
