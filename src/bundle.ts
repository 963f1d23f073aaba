import { cloneVm } from './actions/clone/run.ts';
import { runPost } from './actions/post/run.ts';
import { tearDown } from './actions/teardown/run.ts';
import { processRuntime } from './runtime.ts';

// The programs of this repository. They are bundled together, so that dist/ holds nothing twice.

export const clone = () => cloneVm(processRuntime());
export const post = () => runPost(processRuntime());
export const teardown = () => tearDown(processRuntime());

/** Loaded when it is asked for: the start of the others does not pay for what they never need. */
export const cleanup = async () => {
  const { cleanUp } = await import('./actions/cleanup/run.ts');
  return cleanUp(processRuntime());
};
