/** A shorter secret would be found in words that have nothing to do with it. */
const SHORTEST_SECRET = 8;

/** A secret's pattern costs more than what is done with it. */
const patterns = new Map<string, RegExp>();

/**
 * Puts `***` for each of the secrets, also where it is percent-encoded, or written as JSON or HTML write characters. The
 * runner's masks hide only the plain form.
 */
export function redact(text: string, secrets: readonly string[]): string {
  return secrets
    .filter((secret) => secret.length >= SHORTEST_SECRET)
    .reduce((shown, secret) => shown.replace(patternOf(secret), '***'), text);
}

function patternOf(secret: string): RegExp {
  const pattern = patterns.get(secret) ?? new RegExp([...secret].map(anyForm).join(''), 'gi');
  patterns.set(secret, pattern);
  return pattern;
}

/** A pattern for one character however it is written. The forms begin differently, so that matching takes linear time. */
function anyForm(character: string): string {
  const bytes = [...Buffer.from(character, 'utf8')].map((byte) => byte.toString(16).padStart(2, '0'));
  const number = character.codePointAt(0) ?? 0;
  const hex = number.toString(16);
  const forms = [
    RegExp.escape(character),
    bytes.map((byte) => `%(?:25)*${byte}`).join(''),
    `&#(?:${number}|x0*${hex});`,
    ...(number <= 0xff_ff ? [`\\\\{1,2}u${hex.padStart(4, '0')}`] : []),
    ...(character === '/' ? ['\\\\{1,2}/'] : []),
  ];
  return `(?:${forms.join('|')})`;
}
