/**
 * Whether everything is tried, as on the servers of the matrix (`FK_GUARD_EXTENT=full`). `npm test` takes a sample where
 * there are many like each other, always the same one.
 */
export const full = process.env['FK_GUARD_EXTENT'] === 'full';
