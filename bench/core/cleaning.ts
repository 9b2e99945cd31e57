import { createGuard } from 'sequelize-fk-guard';
import { FOREIGN_KEYS } from './family';
import { timed } from './measure';
import { silent } from './silent';

/** How long the guard takes to make the family's key, and how much of that is the clean-up with its own search. */
export async function cleaningOf(
  url: string,
): Promise<{ readonly whole: number; readonly cleaning: number }> {
  const guard = createGuard({ url, foreignKeys: FOREIGN_KEYS }, { logger: silent });
  let cleaning = 0;
  const whole = await timed(async () => {
    const plan = await guard.plan();
    const outcome = await guard.apply(plan);
    if (outcome.status !== 'repaired') throw new Error(`The repair was ${outcome.status}.`);
    const cleans = new Set(
      plan.steps.filter(({ change }) => change.op === 'clean-orphans').map(({ id }) => id),
    );
    for (const { id, durationMs } of outcome.steps) if (cleans.has(id)) cleaning += durationMs;
  });
  return { whole, cleaning };
}
