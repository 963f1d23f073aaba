import { startVcenter } from '../../test/simulator/vcenter.ts';
import { runClone } from './clone-step.ts';
import { timeWaiting, withoutPolls } from './exchanges.ts';
import { valueText } from './figure.ts';
import { NAMES } from './requests.ts';
import type { Section } from './section.ts';
import { median } from './statistics.ts';

/** Milliseconds. */
const ROUND_TRIPS = [0, 5, 20, 50];
const RUNS = 2;

/** What the requests of one clone cost where vCenter is far away. */
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
        ids.push(timeWaiting(withoutPolls(await runClone({ vcenter, number }))));
        const inputs = { ...NAMES, name: `bench-${number}` };
        names.push(timeWaiting(withoutPolls(await runClone({ vcenter, number, inputs }))));
      }
      waited.push({ ids: median(ids), names: median(names) });
    }
    const times = (values: readonly number[]) =>
      values.map((value) => valueText({ value, unit: 'milliseconds' }));
    return {
      title: 'Requests where vCenter is far away',
      known: 'measured',
      figures: [],
      tables: [
        {
          title: 'Time that the requests of one clone wait for responses, by the time of a round trip',
          rows: [
            ['', 'requests', ...ROUND_TRIPS.map((roundTrip) => `${roundTrip} ms`)],
            ['this action, ids', '4', ...times(waited.map(({ ids }) => ids))],
            ['this action, six names', '10', ...times(waited.map(({ names }) => names))],
          ],
          notes: [
            `Measured: the simulator held every response back for that long. Median of ${RUNS} runs, with what the simulator itself takes; polls of the task and the opening of connections are left out.`,
          ],
        },
      ],
    };
  } finally {
    await vcenter.close();
  }
}
