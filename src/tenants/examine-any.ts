import type { Session } from '../db';
import { examine, type Examination, type Subject } from '../examine';
import { examineTenants } from './examine';
import type { Manner } from './look';

/** One look at the database, or at each of its tenants where the options say that there are some. */
export const examineAny = (
  session: Session,
  task: Subject,
  depth: Manner['depth'],
  when: Manner['when'] = 'before',
): Promise<Pick<Examination, 'report'>> =>
  task.settings.schemas.length > 0
    ? examineTenants(session, task, depth, when)
    : examine(session, task, depth, when);
