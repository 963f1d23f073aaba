import { cleanUp } from './stories/clean-up.ts';
import { cloneVm } from './stories/clone-vm.ts';
import { tearDown } from './stories/tear-down.ts';
import { processSurroundings } from './surroundings.ts';

// The three programs of this repository. They are bundled together, so that dist/ holds nothing twice.

export const clone = () => cloneVm(processSurroundings());
export const cleanup = () => cleanUp(processSurroundings());
export const teardown = () => tearDown(processSurroundings());
