import { clone } from '../bundle/index.js';
process.exitCode = await clone();
