import { describe, it } from 'vitest';
import { runPost, runStep, startStep } from '../runner/step.ts';
import { changes, cloneAndPost, cloneStep, told } from './aftermath.ts';
import { CLONE, FOLDER, openStage, SOURCE } from './stage.ts';

describe.concurrent('experiments', () => {
  it('reusable: twin of same identity, lost request', async () => {
    const stage = await openStage({ behaviour: { cloneDuration: 50 } });
    const first = await runStep(cloneStep(stage, { inputs: {} }));
    await new Promise((r) => setTimeout(r, 6_000));
    stage.vcenter.fault({ operation: CLONE, kind: 'reset-before' });
    const second = await cloneAndPost(stage, { inputs: { teardown: 'always' } });
    console.log('TWIN', first.outputs['vm-id'], second.main.exitCode, second.main.outputs, told(second.main, 'error'), told(second.post, 'warning'), changes(stage));
    await stage.close();
  });
  it('reusable: twin at the same time', async () => {
    const stage = await openStage({ behaviour: { cloneDuration: 50 } });
    const first = await runStep(cloneStep(stage, { inputs: {} }));
    stage.vcenter.fault({ operation: CLONE, kind: 'reset-before' });
    const second = await cloneAndPost(stage, { inputs: { teardown: 'always' } });
    console.log('TWIN2', first.outputs['vm-id'], second.main.exitCode, second.main.outputs, told(second.main, 'error'), told(second.post, 'warning'), changes(stage));
    await stage.close();
  });
  it('given, folder not given, foreign clone elsewhere', async () => {
    const stage = await openStage({ behaviour: { cloneDuration: 50 } });
    const { vcenter } = stage;
    vcenter.watch(({ operation }, moment) => {
      if (operation === CLONE && moment === 'received' && vcenter.tasks().length === 0) vcenter.startForeignClone({ source: SOURCE, name: 'e2e', folder: 'group-v24', duration: 100 });
    });
    vcenter.fault({ operation: CLONE, kind: 'reset-before' });
    const second = await cloneAndPost(stage, { inputs: { name: 'e2e', folder: '', teardown: 'always' } });
    console.log('ELSEWHERE', second.main.exitCode, second.main.outputs, told(second.main, 'error'), told(second.post, 'warning'), changes(stage));
    await stage.close();
  });
  it('failed for another reason, name at end', async () => {
    const stage = await openStage({ behaviour: { nameTakenAt: 'end', taskTarget: 'none', failClone: { at: 0.9, leavesVm: false, reasonIn: 'error', error: { error_type: 'ERROR', messages: [] } } } });
    const { vcenter } = stage;
    vcenter.watch(({ operation }, moment) => {
      if (operation === CLONE && moment === 'answered') vcenter.addVm({ name: 'e2e', folder: FOLDER });
    });
    const second = await cloneAndPost(stage, { inputs: { name: 'e2e' } });
    console.log('OTHERREASON', told(second.main, 'error'), changes(stage));
    await stage.close();
  });
  it('kill at started; other reason; post late', async () => {
    const stage = await openStage({ behaviour: { cloneDuration: 20_000 } });
    const { vcenter } = stage;
    const acted = vcenter.on({ operation: CLONE, when: 'answered' });
    const step = await startStep(cloneStep(stage, { inputs: { 'if-exists': 'replace' } }));
    await acted;
    const main = await step.kill('SIGKILL');
    const post = await runPost(main, {});
    console.log('KILLED', main.state, post.log, changes(stage));
    await stage.close();
  });
});
