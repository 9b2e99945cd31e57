import { readViolation, type KeyShape } from '../../../src/runtime/explain/violation';

const KEY: KeyShape = {
  child: { schema: 'public', name: 'checkouts' },
  childColumns: ['userId'],
  parent: { schema: 'public', name: 'users' },
  parentColumns: ['id'],
};
const ALIKE: KeyShape = {
  child: { schema: 'a', name: 'codes' },
  childColumns: ['code'],
  parent: { schema: 'b', name: 'codes_old' },
  parentColumns: ['code'],
};
const SELF: KeyShape = { ...KEY, parent: KEY.child };

// What servers say in other languages, where the words and even the quotes differ (their own translations).
test.each([
  ['German', 'Schlüssel (userId)=(4) ist nicht in Tabelle »users« vorhanden.', 'child', '4'],
  ['German', 'Auf Schlüssel (id)=(4) wird noch aus Tabelle »checkouts« verwiesen.', 'parent', '4'],
  ['French', "La clé (userId)=(4) n'est pas présente dans la table « users ».", 'child', '4'],
  ['French', 'La clé (id)=(4) est toujours référencée à partir de la table « checkouts ».', 'parent', '4'],
  ['Japanese', 'テーブル"users"にキー(userId)=(4)がありません。', 'child', '4'],
  ['Spanish', 'La llave (id)=(4) todavía es referida desde la tabla «checkouts».', 'parent', '4'],
  ['Russian', 'Ключ (userId)=(x)=(y) отсутствует в таблице "users".', 'child', 'x)=(y'],
])('%s: %s', (_language, detail, end, id) => {
  expect(readViolation({ code: '23503', message: '', detail }, KEY)).toEqual({ end, values: { id } });
});

test('alike columns: the table behind the key decides, the longer name first', () => {
  const read = (detail: string) => readViolation({ code: '23503', message: '', detail }, ALIKE)?.end;
  expect(read('Key (code)=(x) is not present in table "codes_old".')).toBe('child');
  expect(read('Key (code)=(x) is still referenced from table "codes".')).toBe('parent');
});

test('a role that may not see the key: the end is known, the values are not', () => {
  const detail = 'Key is not present in table "users".';
  expect(readViolation({ code: '23503', message: '', detail }, KEY)).toEqual({ end: 'child' });
});

test('nothing but a statement to go by', () => {
  const read = (sql: string) => readViolation({ code: '23503', message: '', sql }, SELF)?.end;
  expect(read('INSERT INTO "checkouts" …')).toBe('child');
  expect(read('DELETE FROM "checkouts" …')).toBe('parent');
  expect(read('UPDATE "checkouts" …')).toBeUndefined();
});

test('RESTRICT is only ever about a parent', () => {
  expect(readViolation({ code: '23001', message: '' }, SELF)).toEqual({ end: 'parent' });
});
