import { cloneVm } from './actions/clone/run.ts';
import { runPost } from './actions/post/run.ts';
import { tearDown } from './actions/teardown/run.ts';
import { processRuntime } from './runtime.ts';

// The programs of this repository. They are bundled together, so that dist/ holds nothing twice.

const loadWork = () => import('./after-login.ts');

export const clone = () => cloneVm(processRuntime(), loadWork);
export const post = () => runPost(processRuntime(), loadWork);
export const teardown = () => tearDown(processRuntime(), loadWork);
export const cleanup = async () => (await loadWork()).cleanUp(processRuntime());
