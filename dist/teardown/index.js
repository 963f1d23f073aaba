import { teardown } from '../bundle/index.js';
process.exitCode = await teardown();
