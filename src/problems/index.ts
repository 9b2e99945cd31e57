import { contradictoryModels } from './contradictory-models';
import { defaultActionDiffers } from './default-action-differs';
import { disabledTrigger } from './disabled-trigger';
import { duplicateForeignKey } from './duplicate-foreign-key';
import { foreignKeyOnPrimaryKey } from './foreign-key-on-primary-key';
import { halfNullKey } from './half-null-key';
import { impossibleSetNull } from './impossible-set-null';
import { invalidIndex } from './invalid-index';
import { missingColumn } from './missing-column';
import { missingForeignKey } from './missing-foreign-key';
import { missingPrimaryKey } from './missing-primary-key';
import { missingTable } from './missing-table';
import { notEnforcedForeignKey } from './not-enforced-foreign-key';
import { notValidForeignKey } from './not-valid-foreign-key';
import { orphanedRows } from './orphaned-rows';
import { typeMismatch } from './type-mismatch';
import { unclaimedForeignKey } from './unclaimed-foreign-key';
import { unindexedForeignKey } from './unindexed-foreign-key';
import { unreferenceableTarget } from './unreferenceable-target';
import { unsupportedTable } from './unsupported-table';
import { wrongDeferrable } from './wrong-deferrable';
import { wrongOnDelete } from './wrong-on-delete';
import { wrongOnUpdate } from './wrong-on-update';
import { wrongPrimaryKey } from './wrong-primary-key';
import { wrongTarget } from './wrong-target';

/** The registry: the only list of the problem kinds, in the order in which findings are shown. */
export const problems = [
  missingTable,
  missingColumn,
  missingPrimaryKey,
  wrongPrimaryKey,
  contradictoryModels,
  foreignKeyOnPrimaryKey,
  unsupportedTable,
  unreferenceableTarget,
  typeMismatch,
  orphanedRows,
  missingForeignKey,
  notValidForeignKey,
  notEnforcedForeignKey,
  disabledTrigger,
  wrongTarget,
  wrongOnDelete,
  wrongOnUpdate,
  wrongDeferrable,
  duplicateForeignKey,
  impossibleSetNull,
  unindexedForeignKey,
  invalidIndex,
  halfNullKey,
  defaultActionDiffers,
  unclaimedForeignKey,
] as const;

/** The kinds, inferred from the registry. */
export type ProblemKind = (typeof problems)[number]['kind'];
