import { tearDown } from './stories/tear-down.ts';
import { processSurroundings } from './surroundings.ts';

process.exitCode = await tearDown(processSurroundings());
