/** Replaces secrets by `***`, in every encoding in which the runner looks for them. */
export class SecretMasker {
  readonly #values = new Set<string>();
  /** Values and their encodings, longest first, so that no part of a longer one stays readable. */
  #forms: readonly string[] = [];

  constructor(values: Iterable<string> = []) {
    for (const value of values) {
      this.add(value);
    }
  }

  /** A value of several lines also masks each of them: the log is masked line by line. */
  add(value: string): void {
    if (value.trim() === '') {
      return;
    }
    this.#values.add(value);
    const parts = [value, ...value.split(/[\r\n]+/).filter((line) => line !== '')];
    const forms = new Set([...this.#forms, ...parts.flatMap(encodings)]);
    this.#forms = [...forms].sort((a, b) => b.length - a.length);
  }

  mask(text: string): string {
    return this.#forms.reduce((masked, form) => masked.replaceAll(form, '***'), text);
  }

  /** As they were registered. */
  get values(): readonly string[] {
    return [...this.#values];
  }
}

/** The encodings are those of the runner's own masker, as far as text of this action can contain them. */
function encodings(value: string): readonly string[] {
  const json = JSON.stringify(value).slice(1, -1);
  return [value, json, encodeURIComponent(value), ...base64(value)].filter((form) => form !== '');
}

/** Base64 of the value alone, and of the value behind one or two other bytes, without what the neighbours decide. */
function base64(value: string): readonly string[] {
  const bytes = Buffer.from(value);
  return [0, 1, 2]
    .map((skipped) => bytes.subarray(skipped))
    .map((rest) => rest.subarray(0, rest.length - (rest.length % 3)).toString('base64'))
    .concat(bytes.toString('base64'))
    .filter((form) => form.length >= 8);
}
