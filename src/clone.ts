import { cloneVm } from './stories/clone-vm.ts';
import { processSurroundings } from './surroundings.ts';

process.exitCode = await cloneVm(processSurroundings());
