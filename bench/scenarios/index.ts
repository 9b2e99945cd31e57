import type { Scenario } from '../core/bench';
import { catalogRead } from './catalog-read';
import { cleanUp } from './clean-up';
import { memory } from './memory';
import { notIn } from './not-in';
import { orphanCheck } from './orphan-check';
import { startUp } from './start-up';
import { starters } from './starters';
import { tenants } from './tenants';
import { wholeRepair } from './whole-repair';
import { withParents } from './create-with-parents';
import { writerWait } from './writer-wait';

/** In the order of the table. */
export const SCENARIOS: readonly Scenario[] = [
  startUp,
  catalogRead,
  orphanCheck,
  cleanUp,
  notIn,
  wholeRepair,
  writerWait,
  memory,
  tenants,
  starters,
  withParents,
];
