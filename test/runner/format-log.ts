import type { StepResult } from './step.ts';

/** What a person would see of a step, on one page: for a test that fails. */
export function formatLog(step: StepResult): string {
  const end = step.signal === null ? `exit code ${step.exitCode}` : `ended by ${step.signal}`;
  const signals = step.signals.map(
    ({ signal, sentAt, untilExit }) =>
      `${signal} at ${milliseconds(sentAt)}, ${milliseconds(untilExit)} before the end`,
  );
  const annotations = step.annotations.map(
    ({ level, title, message }) => `${level}: ${title === undefined ? '' : `[${title}] `}${message}`,
  );
  return [
    `${step.stage} of ${step.options.action}: ${step.conclusion}, ${end}, ${milliseconds(step.duration)}`,
    ...section('signals', signals),
    ...section('log', lines(step.log)),
    ...section('annotations', annotations.flatMap(lines)),
    ...section('outputs', pairs(step.outputs)),
    ...section('outputs dropped', step.droppedOutputs),
    ...section('state', pairs(step.state)),
    ...section('summary', lines(step.summary)),
    ...section('illegal commands', step.illegal),
    ...section('files left', step.leftFiles),
  ].join('\n');
}

function section(title: string, content: readonly string[]): readonly string[] {
  return content.length === 0 ? [] : [`  ${title}:`, ...content.map((line) => `    ${line}`)];
}

function pairs(values: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(values).map(([name, value]) => `${name} = ${value}`);
}

function lines(text: string): readonly string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n');
}

function milliseconds(value: number): string {
  return `${Math.round(value)} ms`;
}
