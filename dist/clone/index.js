import { clone } from '../actions/index.js';
process.exitCode = await clone();
