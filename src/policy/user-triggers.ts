/** Triggers and rules that would act and that nobody has allowed, in words, and the option that lets all of them. */
export function notAllowed(
  acting: readonly string[],
  allowed: readonly string[],
): { readonly words: string; readonly option: string } | undefined {
  const names = acting.filter((name) => !allowed.includes(name));
  if (names.length === 0) return undefined;
  const noun = names.length === 1 ? 'the trigger or rule' : 'the triggers or rules';
  return {
    words: `${noun} ${names.join(', ')}`,
    // What was allowed already has to stay in it.
    option: `triggers: [${acting.map((name) => `'${name}'`).join(', ')}]`,
  };
}
