/**
 * Says which checks `npm test` has left out, and why, on its last lines; in CI also in the summary of the job.
 */
import { appendFileSync } from 'node:fs';

/** Data that some checks need and that are not ours to publish, by the variable that names their file. */
const DESCRIPTIONS: Readonly<Record<string, string>> = {
  VSPHERE_API_SPEC: "VMware's description of the vSphere Automation API, 7.0.3",
  VSPHERE_VI_JSON_SPEC: "VMware's description of VI/JSON, 8.0.1.0",
};

const leftOut = Object.entries(DESCRIPTIONS)
  .filter(([variable]) => !process.env[variable])
  .map(
    ([variable, what]) =>
      `Left out: the checks of requests and of the simulator against ${what}, since ${variable} names no file. It is VMware's, so it is not in this repository; CONTRIBUTING.md says which file that is.`,
  );
const lines = leftOut.length === 0 ? ['Nothing was left out.'] : leftOut;
console.log(lines.join('\n'));

const summary = process.env['GITHUB_STEP_SUMMARY'];
if (summary) {
  appendFileSync(summary, `${lines.map((line) => `- ${line}`).join('\n')}\n`);
}
