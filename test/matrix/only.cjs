/**
 * Files that take long and are left out of `npm test`: what they prove hardly depends on the rest of a change. The
 * matrix has them on each of its servers, and the gate on the newest one too.
 */
module.exports = [
  'test/conversion/casts.test.ts',
  'test/conversion/half-way.test.ts',
  'test/conversion/several-keys.test.ts',
  'test/generator/random-damage/guard.test.ts',
  'test/generator/random-damage/sequelize.test.ts',
  'test/generator/styles.test.ts',
  'test/install/serialized-syncs.test.ts',
  'test/quarantine/create-parents.test.ts',
  'test/quarantine/lock-session-killed.test.ts',
  'test/quarantine/moved-tables.test.ts',
  'test/quarantine/purge-limits.test.ts',
  'test/quarantine/purge.test.ts',
  'test/quarantine/queue.test.ts',
  'test/quarantine/reparent.test.ts',
  'test/quarantine/restore/changed-since.test.ts',
  'test/quarantine/session-defaults.test.ts',
  'test/quarantine/triggers-listed.test.ts',
  'test/quarantine/unclear-below.test.ts',
  'test/quarantine/undecided.test.ts',
  'test/quarantine/writers.test.ts',
  'test/script/script.test.ts',
  'test/script/session.test.ts',
  'test/status/status.test.ts',
  'test/tenants/apply.test.ts',
];
