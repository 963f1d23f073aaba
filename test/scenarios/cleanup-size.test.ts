import { describe, expect, it } from 'vitest';
import { cleanUp, countsOf, leave, setCleanupStage, touched, transcript } from '../support/cleanup-stage.ts';
import { FOLDER, LIST_VMS } from '../support/stage.ts';
import { told } from '../support/what-happened.ts';

const RUN = 9_900_000_000;
const LISTED = 4_000;

describe('a large folder', () => {
  it('of 4,000 VMs with 300 candidates costs no request more than it must', async () => {
    const stage = setCleanupStage();
    const { vcenter, github } = stage;
    github.behaviour.latency = 50;
    const dead = Array.from({ length: 300 }, (_, index) =>
      leave(stage, { run: RUN + index, pullRequest: index + 1, powerState: 'POWERED_ON' }),
    );
    for (let index = dead.length; index < LISTED; index += 1) {
      vcenter.addVm({ name: `stranger-${index}`, folder: FOLDER });
    }
    const step = await cleanUp(stage, { limit: '300', timeout: '6h' });
    expect(countsOf(step)).toEqual({ found: '300', deleted: '300', kept: '0', failed: '0' });
    expect(github.exchanges).toHaveLength(1 + 300 + 300 + 2 * 300);
    expect(Math.max(...github.exchanges.map((each) => each.inFlightAtArrival))).toBe(3);
    expect(transcript(stage)).toHaveLength(2 + 3 + 1 + 3 * 300);
    expect(touched(stage)).toEqual(dead.flatMap(({ id }) => [`stop ${id}`, `delete ${id}`]));
    expect(vcenter.vms().filter(({ folder }) => folder === FOLDER)).toHaveLength(LISTED - dead.length);
    // What is shown of it stays within what GitHub takes.
    expect(Buffer.byteLength(step.summary)).toBeLessThan(1024 * 1024);
    expect(step.summary).toContain('And 200 more, in the log and in the output `vms`.');
    expect(Buffer.byteLength(step.outputs['vms'] ?? '')).toBeLessThan(1024 * 1024);
  });

  it('of more VMs than vCenter lists is an error that says so, and nothing is deleted', async () => {
    const stage = setCleanupStage();
    leave(stage, { run: RUN });
    for (let index = 0; index < LISTED; index += 1) {
      stage.vcenter.addVm({ name: `stranger-${index}`, folder: FOLDER });
    }
    const step = await cleanUp(stage);
    expect(touched(stage)).toEqual([]);
    expect(told(step, 'error')).toContain('UNABLE_TO_ALLOCATE_RESOURCE');
    expect(told(step, 'error')).toContain(
      'vCenter lists at most 4,000 VMs of a folder: move some to another one.',
    );
    expect(stage.vcenter.calls().filter((call) => call === LIST_VMS)).toHaveLength(1);
    expect(step.outputs).toEqual({});
  });
});
