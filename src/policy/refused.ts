import type { Refusal, RefusalCode } from '../finding';

/** Rows are left as they are. */
export interface Refused {
  readonly kind: 'refused';
  readonly refusal: Refusal;
}

/** A refusal; an empty `option` means that none lifts it. */
export const refused = (code: RefusalCode, option: string, message: string): Refused => ({
  kind: 'refused',
  refusal: { code, option, message },
});
