import { explainForeignKeyError } from 'sequelize-fk-guard';
import { serverVersion } from '../../postgres/version';
import { openLibrary, type Library } from './library';

let library: Library;
beforeAll(async () => void (library = await openLibrary()));
afterAll(() => library.close());

/** What is told of an error: the problem, the relation, the key, how many children, and the sentence. */
interface Told {
  readonly problem: string;
  readonly relation?: string;
  readonly key?: Readonly<Record<string, string>>;
  readonly children?: number;
  readonly message: string;
}

const users = (id: number): string => `there is no User (public.users) with id = ${id}.`;

const CASES: readonly (readonly [title: string, statement: string, told: Told])[] = [
  [
    'a child is inserted before its parent',
    'insert into checkouts ("userId") values (77)',
    {
      problem: 'missing-parent',
      relation: 'Checkout.userId',
      key: { id: '77' },
      message: `Checkout.userId names a parent that does not exist: ${users(77)}`,
    },
  ],
  [
    'a child is moved to no parent',
    'update checkouts set "userId" = 78 where id = 1',
    {
      problem: 'missing-parent',
      relation: 'Checkout.userId',
      key: { id: '78' },
      message: `Checkout.userId names a parent that does not exist: ${users(78)}`,
    },
  ],
  [
    'a parent with children is deleted',
    'delete from users where id = 1',
    {
      problem: 'children-block',
      relation: 'Checkout.userId',
      key: { id: '1' },
      children: 3,
      message:
        'User with id = 1 cannot be deleted, nor get another key: 3 rows of public.checkouts refer to it by Checkout.userId (checkouts_user).',
    },
  ],
  [
    'a parent with children gets another key',
    'update users set id = 100 where id = 2',
    {
      problem: 'children-block',
      relation: 'Checkout.userId',
      key: { id: '2' },
      children: 1,
      message:
        'User with id = 2 cannot be deleted, nor get another key: 1 row of public.checkouts refers to it by Checkout.userId (checkouts_user).',
    },
  ],
  [
    'SET NULL meets NOT NULL',
    'delete from checkouts where id = 4',
    {
      problem: 'set-null-on-not-null',
      relation: 'Fine.checkoutId',
      message:
        'A Checkout cannot be deleted, nor get another key: Fine.checkoutId would become null, and may not be null (fines_checkout_id_fkey).',
    },
  ],
  [
    'SET DEFAULT meets a default without a parent',
    'delete from users where id = 3',
    {
      problem: 'default-without-parent',
      relation: 'Badge.userId',
      key: { id: '99' },
      message:
        'A User cannot be deleted: Badge.userId would get its default, and there is no User with id = 99 (badges_user_id_fkey).',
    },
  ],
  [
    'RESTRICT, which has an SQLSTATE of its own since 18',
    'delete from users where id = 4',
    {
      problem: 'children-block',
      relation: 'Card.userId',
      key: { id: '4' },
      children: 1,
      message:
        'User with id = 4 cannot be deleted, nor get another key: 1 row of public.cards refers to it by Card.userId (cards_user_id_fkey).',
    },
  ],
  [
    'a deferred key at COMMIT, seen from the child',
    'insert into visits (user_id) values (66)',
    {
      problem: 'missing-parent',
      relation: 'Visit.userId',
      key: { id: '66' },
      message: `Visit.userId names a parent that does not exist: ${users(66)} The key visits_user is checked at COMMIT, so nothing of the transaction was kept.`,
    },
  ],
  [
    'a deferred key at COMMIT, seen from the parent',
    'delete from users where id = 5',
    {
      problem: 'children-block',
      relation: 'Visit.userId',
      key: { id: '5' },
      children: 1,
      message:
        'User with id = 5 cannot be deleted, nor get another key: 1 row of public.visits refers to it by Visit.userId (visits_user). The key visits_user is checked at COMMIT, so nothing of the transaction was kept.',
    },
  ],
  [
    'a composite key without a model',
    "insert into copies (room, code) values (2, 'z')",
    {
      problem: 'missing-parent',
      key: { room: '2', code: 'z' },
      message:
        'public.copies (room, code) names a parent that does not exist: there is no public.shelves with room = 2 and code = z.',
    },
  ],
  [
    'a composite key whose text can be read in two ways',
    "insert into copies (room, code) values (2, 'x, y)=(z')",
    {
      problem: 'missing-parent',
      message:
        'public.copies (room, code) names a parent that does not exist: there is no public.shelves like it.',
    },
  ],
  [
    'the parent of a composite key',
    "delete from shelves where code = 'a'",
    {
      problem: 'children-block',
      key: { room: '1', code: 'a' },
      children: 1,
      message:
        'public.shelves with room = 1 and code = a cannot be deleted, nor get another key: 1 row of public.copies refers to it by public.copies (room, code) (copies_shelf).',
    },
  ],
  [
    'the same, unreadable: no child is counted by a guess',
    "delete from shelves where code <> 'a'",
    {
      problem: 'children-block',
      message:
        'public.shelves cannot be deleted, nor get another key: rows of public.copies refer to it by public.copies (room, code) (copies_shelf).',
    },
  ],
  [
    'a table that refers to itself: the child',
    'insert into nodes values (3, 9)',
    {
      problem: 'missing-parent',
      relation: 'Node.parentId',
      key: { id: '9' },
      message:
        'Node.parentId names a parent that does not exist: there is no Node (public.nodes) with id = 9.',
    },
  ],
  [
    'a table that refers to itself: the parent',
    'delete from nodes where id = 1',
    {
      problem: 'children-block',
      relation: 'Node.parentId',
      key: { id: '1' },
      children: 1,
      message:
        'Node with id = 1 cannot be deleted, nor get another key: 1 row of public.nodes refers to it by Node.parentId (nodes_parent_id_fkey).',
    },
  ],
  [
    'names and values that look like the server’s own words: the child',
    `insert into "Odd.Schema"."Chi)ld" values (2, 'a)=(b) "Par')`,
    {
      problem: 'missing-parent',
      relation: 'Chi)ld.parentKey',
      key: { "k'ey": 'a)=(b) "Par' },
      message: `Chi)ld.parentKey names a parent that does not exist: there is no "Odd.Schema"."Par""ent)" with k'ey = a)=(b) "Par.`,
    },
  ],
  [
    'names and values that look like the server’s own words: the parent',
    `delete from "Odd.Schema"."Par""ent)"`,
    {
      problem: 'children-block',
      relation: 'Chi)ld.parentKey',
      key: { "k'ey": 'p) (q)=(r)' },
      children: 1,
      message: `"Odd.Schema"."Par""ent)" with k'ey = p) (q)=(r) cannot be deleted, nor get another key: 1 row of "Odd.Schema".Chi)ld refers to it by Chi)ld.parentKey (Chi)ld_fk=(x_fkey).`,
    },
  ],
  [
    'both ends are called alike: the child',
    `insert into labels values ('y')`,
    {
      problem: 'missing-parent',
      relation: 'Label.code',
      key: { code: 'y' },
      message:
        'Label.code names a parent that does not exist: there is no Code (public.codes) with code = y.',
    },
  ],
  [
    'both ends are called alike: the parent',
    'delete from codes',
    {
      problem: 'children-block',
      relation: 'Label.code',
      key: { code: 'x' },
      children: 1,
      message:
        'Code with code = x cannot be deleted, nor get another key: 1 row of public.labels refers to it by Label.code (labels_code_fkey).',
    },
  ],
  [
    'a child in a partition',
    'insert into events values (2, 55)',
    {
      problem: 'missing-parent',
      relation: 'Event.userId',
      key: { id: '55' },
      message: `Event.userId names a parent that does not exist: ${users(55)}`,
    },
  ],
  [
    'the parent of a child in a partition',
    'delete from users where id = 6',
    {
      problem: 'children-block',
      relation: 'Event.userId',
      key: { id: '6' },
      children: 1,
      message:
        'User with id = 6 cannot be deleted, nor get another key: 1 row of public.events refers to it by Event.userId (events_user_id_fkey).',
    },
  ],
  [
    'a child of a RESTRICT key',
    'insert into cards (user_id) values (71)',
    {
      problem: 'missing-parent',
      relation: 'Card.userId',
      key: { id: '71' },
      message: `Card.userId names a parent that does not exist: ${users(71)}`,
    },
  ],
  [
    'a child of a SET DEFAULT key',
    'update badges set user_id = 72',
    {
      problem: 'missing-parent',
      relation: 'Badge.userId',
      key: { id: '72' },
      message: `Badge.userId names a parent that does not exist: ${users(72)}`,
    },
  ],
  [
    'a child of a SET NULL key',
    'insert into fines (checkout_id) values (73)',
    {
      problem: 'missing-parent',
      relation: 'Fine.checkoutId',
      key: { id: '73' },
      message:
        'Fine.checkoutId names a parent that does not exist: there is no Checkout (public.checkouts) with id = 73.',
    },
  ],
  [
    'a deferred key at COMMIT, an update',
    'update visits set user_id = 74',
    {
      problem: 'missing-parent',
      relation: 'Visit.userId',
      key: { id: '74' },
      message: `Visit.userId names a parent that does not exist: ${users(74)} The key visits_user is checked at COMMIT, so nothing of the transaction was kept.`,
    },
  ],
  [
    'a composite key, an update',
    "update copies set room = 5 where code = 'a'",
    {
      problem: 'missing-parent',
      key: { room: '5', code: 'a' },
      message:
        'public.copies (room, code) names a parent that does not exist: there is no public.shelves with room = 5 and code = a.',
    },
  ],
  [
    'a table that refers to itself: an update',
    'update nodes set parent_id = 8 where id = 2',
    {
      problem: 'missing-parent',
      relation: 'Node.parentId',
      key: { id: '8' },
      message:
        'Node.parentId names a parent that does not exist: there is no Node (public.nodes) with id = 8.',
    },
  ],
  [
    'a child in a partition, an update',
    'update events set user_id = 56',
    {
      problem: 'missing-parent',
      relation: 'Event.userId',
      key: { id: '56' },
      message: `Event.userId names a parent that does not exist: ${users(56)}`,
    },
  ],
  [
    'no parent in any partition',
    'insert into gates values (2, 5)',
    {
      problem: 'missing-parent',
      relation: 'Gate.yardId',
      key: { id: '5' },
      message: 'Gate.yardId names a parent that does not exist: there is no Yard (public.yards) with id = 5.',
    },
  ],
];

test.each(CASES)('%s', async (_title, statement, { children, ...told }) => {
  const { relation, key } = told;
  const explained = await explainForeignKeyError(await library.failure(statement), library.sequelize);
  expect(explained).toMatchObject(told);
  expect(explained?.children?.rows).toBe(children);
  expect(explained?.relation).toBe(relation);
  expect(explained?.key).toEqual(key);
});

test('a parent in a partition: the key of the partition has a name of its own', async () => {
  const error = await library.failure('delete from yards');
  expect(await explainForeignKeyError(error, library.sequelize)).toMatchObject({
    problem: 'children-block',
    relation: 'Gate.yardId',
    parentModel: 'Yard',
    parent: { schema: 'public', table: 'yards', columns: ['id'] },
    key: { id: '1' },
    children: { rows: 1, more: false },
  });
});

test('SQLSTATE and places are there for code to read', async () => {
  const error = await library.failure('delete from users where id = 4');
  expect(await explainForeignKeyError(error, library.sequelize)).toMatchObject({
    code: serverVersion() >= 180_000 ? '23001' : '23503',
    constraint: 'cards_user_id_fkey',
    model: 'Card',
    parentModel: 'User',
    child: { schema: 'public', table: 'cards', columns: ['user_id'] },
    parent: { schema: 'public', table: 'users', columns: ['id'] },
    atCommit: false,
  });
});
