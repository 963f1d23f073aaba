export function defuse(text: string): string {
  return text.replace(/[\r\n]+/g, ' ').replaceAll('##[', '## [').replace(/^\s*::/, ': :');
}
