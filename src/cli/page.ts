import { baselineLines } from '../report/baseline-text';
import type { Looked } from '../report/html/report-data';
import { withoutKeys } from '../report/without-keys';
import type { Result } from './command';
import type { Material } from './formats';
import { pageAssets } from './page-assets';

/** The page of a look at the database. */
export async function pageOf({ result, document: { startedAt, tool } }: Material): Promise<string> {
  const looked = result.looked ?? lookedBy(result);
  if (!looked) return '';
  // Only here: nobody else needs what lays out graphs.
  const { htmlReport } = await import('../report/html/page');
  return htmlReport({ ...looked, madeAt: startedAt, tool }, pageAssets());
}

/** A page is handed on: it shows keys of rows only where somebody has asked for them with `fk-guard report`. */
function lookedBy({ checked }: Result): Looked | undefined {
  return (
    checked && {
      report: { ...checked.report, findings: checked.fresh.map(withoutKeys) },
      notes: baselineLines(checked.baseline),
    }
  );
}
