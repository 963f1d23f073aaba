import { teardown } from '../actions/index.js';
process.exitCode = await teardown();
