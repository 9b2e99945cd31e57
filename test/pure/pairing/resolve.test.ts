import { resolverOf } from '../../../src/pairing/resolve';
import { table, catalog } from '../catalog';

describe('the table that a name without a schema means', () => {
  const there = (schema: string) => ({ ...table('book', []), name: { schema, name: 'book' } });
  const resolve = resolverOf({
    server: { ...catalog().server, searchPath: ['own', 'app', 'public'] },
    tables: [there('public'), there('app')],
  });

  it('is the first along the search_path', () => {
    expect(resolve({ name: 'book' })).toEqual({ schema: 'app', name: 'book' });
  });
  it('would be made in the first schema of it, where there is none', () => {
    expect(resolve({ name: 'lost' })).toEqual({ schema: 'own', name: 'lost' });
  });
  it('would be in public where the path is empty', () => {
    const lost = resolverOf({ server: { ...catalog().server, searchPath: [] }, tables: [] });
    expect(lost({ name: 'lost' })).toEqual({ schema: 'public', name: 'lost' });
  });
  it('is never looked for where the schema is named', () => {
    expect(resolve({ schema: 'else', name: 'book' })).toEqual({ schema: 'else', name: 'book' });
  });
});
