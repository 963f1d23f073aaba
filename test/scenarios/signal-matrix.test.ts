import { describe, expect, it } from 'vitest';
import {
  behaviourOf,
  type Cell,
  CLONE_DURATION,
  ENDS,
  expectClean,
  expectExit,
  inputsOf,
  LONGEST_EXIT,
  NAME_TAKEN_AT,
  NAMES,
  PHASES,
  SHORT,
} from '../support/signal-cells.ts';
import { CANCEL, DELETE, FOLDER, GET_TASK, LOGOUT, SOURCE, STOP, setVirtualStage } from '../support/stage.ts';

describe.each(ENDS)('%s', (signal) => {
  const cells = PHASES.flatMap((phase) =>
    NAMES.flatMap((naming) => NAME_TAKEN_AT.map((nameTakenAt) => ({ phase, naming, nameTakenAt }))),
  );

  it.each(cells)('$phase.name, $naming name, taken at the $nameTakenAt', async (rest) => {
    const cell: Cell = { ...rest, signal };
    const stage = setVirtualStage({ behaviour: behaviourOf(cell) });
    const moment = cell.phase.moment(stage);
    const step = await stage.runner.startStep({ action: 'clone', inputs: inputsOf(cell, stage) });
    await moment;
    const sentAt = stage.clock.now();
    if (signal === 'closed pipes') {
      step.closePipes();
    }
    const main = await (signal === 'closed pipes' ? step.done : step.kill(signal));
    expectExit(cell, { stage, main, sentAt });
    const post = await stage.runner.runPost(main, { jobStatus: 'cancelled' });
    await stage.clock.sleep(CLONE_DURATION);
    expectClean(cell, stage, [main, post]);
  });
});

describe('a step that is cancelled at a vCenter whose responses do not come any more', () => {
  it.each([CANCEL, LOGOUT] as const)('waits for that to %s as long as there is time', async (operation) => {
    const stage = setVirtualStage({ behaviour: { cloneDuration: CLONE_DURATION } });
    const { vcenter, runner, connection } = stage;
    vcenter.fault({ operation, kind: 'late', times: Number.POSITIVE_INFINITY });
    const moment = vcenter.on({ operation: GET_TASK, when: 'answered' });
    const step = await runner.startStep({
      action: 'clone',
      inputs: { ...connection, source: SOURCE, folder: FOLDER },
    });
    await moment;
    const main = await step.kill('SIGINT');
    expect(main.signals[0]?.untilExit).toBeLessThan(LONGEST_EXIT);
  });
});

describe.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('B8: %s', (signal) => {
  const setBusyStage = () =>
    setVirtualStage({ behaviour: { ...SHORT, powerOffTakes: 20_000, deleteTakes: 20_000 } });

  it.each([STOP, DELETE] as const)(
    'to teardown at %s: the session is closed, and the error names the VM',
    async (operation) => {
      const stage = setBusyStage();
      const { vcenter, runner, connection } = stage;
      vcenter.addVm({ id: 'vm-77', name: 'copy', folder: FOLDER, powerState: 'POWERED_ON' });
      const moment = vcenter.on({ operation, when: 'received' });
      const step = await runner.startStep({
        action: 'teardown',
        inputs: { ...connection, 'vm-id': 'vm-77' },
      });
      await moment;
      const end = await step.kill(signal);
      expect(end.exitCode).toBe(1);
      expect(end.signals[0]?.untilExit).toBeLessThan(LONGEST_EXIT);
      expect(end.errors).toEqual([
        `Cancelled: The step was cancelled (${signal}).\n'copy' (vm-77) may still be there.`,
      ]);
      expect(vcenter.sessions()).toMatchObject({ open: 0 });
    },
  );

  it.each([STOP, DELETE] as const)(
    'to post at %s: the session is closed, and a warning names the VM',
    async (operation) => {
      const stage = setBusyStage();
      const { vcenter, runner } = stage;
      const main = await runner.runStep({
        action: 'clone',
        inputs: { ...stage.connection, source: SOURCE, folder: FOLDER, name: 'copy', teardown: 'always' },
      });
      const moment = vcenter.on({ operation, when: 'received' });
      const step = await runner.startPost(main);
      await moment;
      const post = await step.kill(signal);
      expect([post.exitCode, post.errors]).toEqual([0, []]);
      expect(post.signals[0]?.untilExit).toBeLessThan(LONGEST_EXIT);
      expect(post.warnings).toEqual([
        `Clean-up: Cancelled: The step was cancelled (${signal}).\n'copy' (vm-1001) on ${vcenter.server} may be left: please look for it.`,
      ]);
      expect(vcenter.sessions()).toMatchObject({ open: 0 });
    },
  );
});
