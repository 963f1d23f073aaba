/** The contexts that an action's own metadata may name: `github`, `strategy`, `job`, `runner`, `matrix`. */
export type ExpressionContexts = Readonly<
  Record<string, Readonly<Record<string, string | number | boolean>>>
>;

/**
 * Evaluates every `${{ context.name }}` in a text.
 *
 * @throws Error for anything but a plain look-up of a known name: a default that GitHub could not evaluate either, or one
 *   that this runner has yet to learn, must not pass as an empty string.
 */
export function evaluateExpressions(text: string, contexts: ExpressionContexts): string {
  return text.replace(/\$\{\{(.*?)\}\}/gs, (_, body: string) => {
    const [, context = '', name = ''] = /^\s*([\w-]+)\.([\w-]+)\s*$/.exec(body) ?? [];
    const value = contexts[context]?.[name];
    if (value === undefined) {
      throw new Error(`The expression \${{${body}}} is unknown to the fake runner.`);
    }
    return String(value);
  });
}
