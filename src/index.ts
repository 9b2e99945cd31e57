export { assertForeignKeys } from './assert-foreign-keys';
export { createGuard, type GuardSource } from './create-guard';
export { FkGuardError, type ErrorCode } from './errors';
export type { GuardEvents, GuardListener } from './events';
export type { Finding, Place, Refusal, RefusalCode } from './finding';
export type { FkGuard } from './guard';
export { installFkGuard } from './install';
export { fkGuardMigration, type FkGuardMigration, type FkGuardMigrationOptions } from './migration';
export type { ForeignKeyDeclaration } from './model/declared-keys';
export type { SequelizeInstance } from './model/sequelize-instance';
export type {
  CreateParent,
  Exclusion,
  FkGuardOptions,
  Logger,
  Mode,
  OnDeletePolicy,
  OrphanPolicy,
  ParentKey,
  RelationOptions,
} from './options';
export type {
  DatabaseInfo,
  Outcome,
  Plan,
  PlannedStatement,
  Report,
  Step,
  StepResult,
  Summary,
} from './outcome';
export type { KeptRun, PurgedRun, PurgeOutcome, RestoredSchema, RestoreOutcome } from './quarantine-outcome';
export type { ProblemKind } from './problems';
export type { PurgeOptions } from './quarantine/purge-options';
export type { RestoreOptions } from './quarantine/restore/options';
export {
  bulkCreateWithParents,
  createWithParents,
  ensureParents,
} from './runtime/ensure/create-with-parents';
export type {
  CreatedParent,
  EnsureContext,
  EnsureOptions,
  ParentByColumns,
  ParentValues,
} from './runtime/ensure/ensure-options';
export type { ModelOf, ValuesOf, WithParentsOptions } from './runtime/ensure/ensure-typing';
export { knownParents, type KnownParents } from './runtime/ensure/known-parents';
export { explainForeignKeyError } from './runtime/explain/explain';
export type { Health } from './runtime/health/health';
export type { Monitor } from './runtime/health/monitor';
export { fkGuardHealth, FkGuardHealthError, type HealthCause } from './runtime/health/terminus';
export type { ForeignKeyExplanation, ForeignKeyProblem } from './runtime/explain/explanation';
export type { Impact, ImpactBlock, ImpactDoubt, ImpactStep, ImpactTable } from './runtime/impact/impact';
export type {
  CopyCount,
  LedgerStatus,
  NotValidKey,
  QuarantineStatus,
  RunStatus,
  Status,
} from './status/status';
