import { cloneVm } from './actions/clone/run.ts';
import { runPost } from './actions/post/run.ts';
import { tearDown } from './actions/teardown/run.ts';
import { processRuntime } from './runtime.ts';

// The programs of this repository. They are bundled together, so that dist/ holds nothing twice. What a program does once it has
// logged in is loaded then, out of one chunk for all: a start does not pay for it.

export const clone = () => cloneVm(processRuntime());
export const post = () => runPost(processRuntime());
export const teardown = () => tearDown(processRuntime());

export const cleanup = async () => {
  const { cleanUp } = await import(/* webpackChunkName: 'session' */ './actions/cleanup/run.ts');
  return cleanUp(processRuntime());
};
