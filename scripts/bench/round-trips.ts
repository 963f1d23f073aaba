import { startVcenter } from '../../test/simulator/vcenter.ts';
import { NAMES } from './calls.ts';
import { runClone } from './clone-step.ts';
import { timeWaiting, withoutLooks } from './exchanges.ts';
import { valueText } from './figure.ts';
import { PEERS } from './peers.ts';
import type { Section } from './section.ts';
import { median } from './statistics.ts';

/** Milliseconds. */
const ROUND_TRIPS = [0, 5, 20, 50];
const RUNS = 2;

/** What the calls of one clone cost where vCenter is far away: measured for this action, calculated for the others. */
export async function measureRoundTrips(): Promise<Section> {
  const vcenter = await startVcenter();
  try {
    const waited: { readonly ids: number; readonly names: number }[] = [];
    for (const [index, roundTrip] of ROUND_TRIPS.entries()) {
      vcenter.behaviour.latency = roundTrip;
      const ids: number[] = [];
      const names: number[] = [];
      for (let run = 0; run < RUNS; run += 1) {
        const number = index * RUNS + run;
        ids.push(timeWaiting(withoutLooks(await runClone({ vcenter, number }))));
        const inputs = { ...NAMES, name: `bench-${number}` };
        names.push(timeWaiting(withoutLooks(await runClone({ vcenter, number, inputs }))));
      }
      waited.push({ ids: median(ids), names: median(names) });
    }
    const times = (values: readonly number[]) =>
      values.map((value) => valueText({ value, unit: 'milliseconds' }));
    return {
      title: 'Calls where vCenter is far away',
      figures: [],
      tables: [
        {
          title: 'Time that the calls of one clone wait for answers, by the time of a round trip',
          rows: [
            ['', 'calls', ...ROUND_TRIPS.map((roundTrip) => `${roundTrip} ms`), 'how known'],
            ['this action, ids', '3', ...times(waited.map(({ ids }) => ids)), 'measured'],
            ['this action, six names', '9', ...times(waited.map(({ names }) => names)), 'measured'],
            ...PEERS.map(({ name, calls, source }) => [
              name,
              String(calls),
              ...times(ROUND_TRIPS.map((roundTrip) => calls * roundTrip)),
              `calls × round trip; ${source}`,
            ]),
          ],
          notes: [
            `Looks at the task are left out. Measured: the simulator held every answer back for that long, mean of ${RUNS} runs, with what the simulator itself takes.`,
            'The counts of the other tools come from outside of this bench; what their servers and they themselves take is left out. Opening connections is left out for all.',
          ],
        },
      ],
    };
  } finally {
    await vcenter.close();
  }
}
