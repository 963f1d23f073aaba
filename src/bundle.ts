import { cloneVm } from './actions/clone/run.ts';
import { runPost } from './actions/post/run.ts';
import { tearDown } from './actions/teardown/run.ts';
import { processRuntime } from './runtime.ts';

// The programs of this repository. They are bundled together, so that dist/ holds nothing twice.

export const clone = () => cloneVm(processRuntime());
export const post = () => runPost(processRuntime());
export const teardown = () => tearDown(processRuntime());

export const cleanup = async () => {
  const runtime = processRuntime();
  const { cleanUp } = await runtime.afterLogin();
  return cleanUp(runtime);
};
