import { failedOf, type Failed, type Trying } from './attempt';
import type { Copy } from './copies';
import type { Alike } from './insert';
import { isTarget } from './target';

/** The server takes 65,535 parameters in one statement. */
const MOST_VALUES = 60_000;

/** Sorts copies, in their order, into lists that one statement can hold. Those that have no table, or are broken, are told. */
export async function alikeIn(
  work: Trying,
  copies: readonly Copy[],
): Promise<{ readonly groups: readonly Alike[]; readonly failed: readonly Failed[] }> {
  const groups: { readonly target: Alike['target']; readonly kind: string; readonly copies: Copy[] }[] = [];
  const failed: Failed[] = [];
  for (const copy of copies) {
    const target = copy.broken === undefined ? await work.findTarget(copy) : { text: copy.broken };
    if (!isTarget(target)) {
      failed.push(failedOf(copy, target));
      continue;
    }
    const last = groups.at(-1);
    const kind = kindOf(copy);
    const most = Math.max(1, Math.floor(MOST_VALUES / Object.keys(copy.values).length));
    if (last?.kind === kind && last.copies.length < most) last.copies.push(copy);
    else groups.push({ target, kind, copies: [copy] });
  }
  return { groups, failed };
}

/** Copies of one kind differ in their values only. */
const kindOf = ({ action, table, values, changed, left }: Copy): string =>
  JSON.stringify([
    action,
    table.schema,
    table.name,
    Object.keys(values),
    changed,
    Object.keys(left.given),
    Object.keys(left.converted),
  ]);
