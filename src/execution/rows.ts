/** Rows that were changed, and parents that were created. */
export interface Rows {
  readonly deleted: number;
  readonly nullified: number;
  readonly reparented: number;
  readonly created: number;
  readonly quarantined: number;
}

export const NO_ROWS: Rows = { deleted: 0, nullified: 0, reparented: 0, created: 0, quarantined: 0 };

export const plus = (a: Rows, b: Rows): Rows => ({
  deleted: a.deleted + b.deleted,
  nullified: a.nullified + b.nullified,
  reparented: a.reparented + b.reparented,
  created: a.created + b.created,
  quarantined: a.quarantined + b.quarantined,
});
