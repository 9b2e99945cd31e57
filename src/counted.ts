/** A number with its noun and, when given, its verb: `counted(1, 'row', 'has', 'have')` is `1 row has`. */
export const counted = (amount: number, noun: string, one = '', many = one): string =>
  `${amount} ${noun}${amount === 1 ? '' : 's'} ${amount === 1 ? one : many}`.trimEnd();
