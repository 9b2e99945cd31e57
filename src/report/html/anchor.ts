/** The id of a finding on the page: a number, because its own may hold anything. */
export const anchorOf = (index: number): string => `finding-${index + 1}`;
