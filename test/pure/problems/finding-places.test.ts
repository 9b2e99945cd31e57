import { catalog } from '../catalog';
import { diagnosed } from '../diagnosed';

describe('where a finding is', () => {
  it('names the first association of the relation, and no association of an attribute', () => {
    const at = (declarations: readonly object[]) =>
      diagnosed('missing-foreign-key', {
        database: catalog(),
        relations: [{ declarations: declarations as never }],
      })[0];
    expect(
      at([{ text: 'a' }, { text: 'b', association: 'writer' }, { text: 'c', association: 'other' }]),
    ).toMatchObject({
      association: 'writer',
    });
    expect(Object.keys(at([{ text: 'a' }]) ?? {})).not.toContain('association');
    expect(Object.keys(at([]) ?? {})).not.toContain('constraint');
  });
});
