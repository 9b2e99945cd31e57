import type { Tool } from '../report/json';

/** What a script rests on beside its plan. */
export interface ScriptSettings {
  readonly tool: Tool;
  /** A new one for each script: the ledger knows a run by it. */
  readonly runId: string;
  /** The guard's own schema. */
  readonly schema: string;
  /** False where the configuration keeps no copies: then no row may go by a script. */
  readonly keepsRows: boolean;
  readonly lockTimeoutMs: number;
}
