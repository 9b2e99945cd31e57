import type { Outcome, Plan } from '../outcome';

/** Why a tenant could not be looked at or repaired; the others were. */
export interface TenantError {
  readonly code: string;
  readonly message: string;
  readonly advice: string;
}

/** How the tenants are. */
export interface TenantsSeen {
  readonly total: number;
  /** Tenants without an error or a warning. */
  readonly healthy: number;
  /** Tenants that could not be looked at. */
  readonly failed: readonly { readonly schema: string; readonly error: TenantError }[];
}

/** What is to be done in one tenant's schema, or why nobody knows. */
export interface TenantPlan {
  readonly schema: string;
  readonly plan?: Plan;
  readonly error?: TenantError;
}

/** What one run has done, or why there was none. */
export interface PartOutcome {
  readonly outcome?: Outcome;
  readonly error?: TenantError;
}

/** The same of one tenant. */
export interface TenantOutcome extends PartOutcome {
  readonly schema: string;
}
