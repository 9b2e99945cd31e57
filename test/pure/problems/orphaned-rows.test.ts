import { catalog, column } from '../catalog';
import { diagnosed, orphaned } from '../diagnosed';
import { WRITER, VOLUME, BOTH } from './tenants';

describe('orphans that are cleaned', () => {
  const explicit = { onDelete: { resolved: 'SET NULL', explicit: ['SET NULL'] } } as const;
  const limits = { rows: 1000, fraction: 1 };
  const changeOf = (relations: readonly object[], options = {}, database = catalog([WRITER, VOLUME])) =>
    diagnosed('orphaned-rows', {
      database,
      relations,
      options: { limits, ...options },
      counted: orphaned(),
    })[0]?.changes[0];

  it('lose those columns of a composite key that may be null, and keep the others', () => {
    const wanted = { ...BOTH, ...explicit, onDeleteColumns: ['author'] };
    expect(changeOf([wanted])).toMatchObject({ strategy: 'nullify', nullColumns: ['author'], rows: 2 });
  });

  it('lose all columns where nobody names some', () => {
    const nullable = { ...VOLUME, columns: [column('id'), column('tenant'), column('author')] };
    const change = changeOf([{ ...BOTH, ...explicit }], {}, catalog([WRITER, nullable]));
    expect(change).toMatchObject({ strategy: 'nullify' });
    expect(change).not.toHaveProperty('nullColumns');
  });

  it('that are deleted lose no column, and get no parent', () => {
    const wanted = { ...BOTH, ...explicit, onDeleteColumns: ['author'] };
    const change = changeOf([wanted], { orphans: 'delete' });
    expect(change).toMatchObject({ op: 'clean-orphans', strategy: 'delete' });
    expect(change).not.toHaveProperty('nullColumns');
    expect(change).not.toHaveProperty('newParent');
  });

  it('get the parent that the option names', () => {
    const relations = { 'Book.author': { reparent: 7 } };
    expect(changeOf([{}], { relations }, catalog())).toMatchObject({
      strategy: 'reparent',
      newParent: ['7'],
    });
  });
});
