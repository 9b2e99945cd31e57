/** A string literal of JavaScript, on one line whatever is in it: what the author of a model would have to type. */
export const javascriptString = (text: string): string =>
  `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
