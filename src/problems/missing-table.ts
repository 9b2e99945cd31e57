import { tableId } from '../names';
import { atTable, defineProblem } from './problem';

export const missingTable = defineProblem({
  kind: 'missing-table',
  severity: 'error',
  title: 'Table missing',
  why: 'A model is stored in a table that the database does not have; every query of it fails with 42P01, and no key to it or from it can exist.',

  detect: ({ tables }) => tables.filter(({ table }) => table === undefined),

  describe: (pair) => ({
    about: atTable(pair, []),
    message: `The model ${pair.model.model} is stored in ${tableId(pair.name)}, which does not exist.`,
    help: 'Create it with sync() or a migration; its keys are created afterwards.',
  }),

  repair: () => 'manual',
});
