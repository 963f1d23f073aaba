import { cloneVm } from './actions/clone/run.ts';
import { cleanUp } from './actions/post/run.ts';
import { tearDown } from './actions/teardown/run.ts';
import { processSurroundings } from './runtime.ts';

// The three programs of this repository. They are bundled together, so that dist/ holds nothing twice.

export const clone = () => cloneVm(processSurroundings());
export const post = () => cleanUp(processSurroundings());
export const teardown = () => tearDown(processSurroundings());
