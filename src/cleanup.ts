import { cleanUp } from './stories/clean-up.ts';
import { processSurroundings } from './surroundings.ts';

process.exitCode = await cleanUp(processSurroundings());
