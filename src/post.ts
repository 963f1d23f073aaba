import { post } from './bundle.ts';

process.exitCode = await post();
