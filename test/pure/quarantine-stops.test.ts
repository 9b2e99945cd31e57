import {
  BatchTooLarge,
  blocked,
  copiesKeptAway,
  emptyParent,
  hidden,
  moved,
  movedRows,
  newParentGone,
  replaced,
  runGone,
  swallowed,
  uncopied,
  veto,
} from '../../src/quarantine/batch-stops';

describe('why a batch was rolled back, and what to do', () => {
  it('a batch that is too large says so to whoever makes it smaller', () => {
    const error = new BatchTooLarge(7);
    expect([error.rows, error.message]).toEqual([7, 'a batch of 7 rows']);
  });

  it.each([
    [
      copiesKeptAway('app.book', 1),
      'TRIGGER_VETO',
      '1 row of app.book would have gone without a copy: the quarantine did not take it; the batch was rolled back.',
      "Look for a trigger on the guard's own table quarantine, and remove it.",
    ],
    [
      copiesKeptAway('app.book', 2),
      'TRIGGER_VETO',
      '2 rows of app.book would have gone without a copy: the quarantine did not take them; the batch was rolled back.',
      "Look for a trigger on the guard's own table quarantine, and remove it.",
    ],
    [
      movedRows('app.book', 1),
      'CASCADE_MOVED',
      '1 row of app.book changed while the batch waited for it; the batch was rolled back.',
      'Run again; what is done stays done.',
    ],
    [
      movedRows('app.book', 2),
      'CASCADE_MOVED',
      '2 rows of app.book changed while the batch waited for them; the batch was rolled back.',
      'Run again; what is done stays done.',
    ],
    [
      runGone('0ade'),
      'LEDGER',
      'The run 0ade is not in the ledger any more; the batch was rolled back.',
      'Run again, and leave the runs in the ledger while a guard is at work.',
    ],
    [
      hidden('app.book', { name: 'app.page(book)' }),
      'CASCADE_BLOCKED',
      'Rows may point at orphans of app.book through app.page(book), and they cannot all be looked at; nothing was removed.',
      'Run with a role that can read that table, without row security.',
    ],
    [
      replaced('app.author'),
      'CASCADE_MOVED',
      'app.author, or its key, is not what the orphans were counted by: it was replaced meanwhile.',
      'Run again when the tables have their names; what is done stays done.',
    ],
    [
      veto('app.book', 1),
      'TRIGGER_VETO',
      '1 row of app.book was kept by a trigger or rule; the batch was rolled back.',
      'Disable the trigger for the time of the clean-up, or leave these rows.',
    ],
    [
      veto('app.book', 2),
      'TRIGGER_VETO',
      '2 rows of app.book were kept by a trigger or rule; the batch was rolled back.',
      'Disable the trigger for the time of the clean-up, or leave these rows.',
    ],
    [
      swallowed('app.author', 1),
      'TRIGGER_VETO',
      '1 row of app.author was not made as asked for, because of a trigger or rule; nothing was made.',
      'Disable the trigger for the time of the repair, or make these parents by hand.',
    ],
    [
      swallowed('app.author', 2),
      'TRIGGER_VETO',
      '2 rows of app.author were not made as asked for, because of a trigger or rule; nothing was made.',
      'Disable the trigger for the time of the repair, or make these parents by hand.',
    ],
    [
      newParentGone('app.author', ['1', 'main']),
      'NO_SUCH_PARENT',
      'app.author has no row 1, main any more, which the orphans were to get; the batch was rolled back.',
      'Bring that row back, or set reparent to another one, and run again.',
    ],
    [
      blocked('app.book', { name: 'page_book_fkey' }, 1),
      'CASCADE_BLOCKED',
      '1 row points at orphans of app.book through page_book_fkey; the batch was rolled back.',
      'Write an ON DELETE action for that relation, or decide about its rows first.',
    ],
    [
      blocked('app.book', { name: 'app.page(book)', relation: 'Page.book' }, 2),
      'CASCADE_BLOCKED',
      '2 rows point at orphans of app.book through app.page(book); the batch was rolled back.',
      "Write an ON DELETE action for that relation (onDelete in the model, or relations: { 'Page.book': { onDelete } }), or decide about its rows first.",
    ],
    [
      emptyParent('app.author', 'app.book'),
      'LIMIT',
      'app.author is empty, so every row of app.book looks orphaned; the batch was rolled back.',
      'Fill the parent, or set limits: { fraction: 1 } if the rows are to go.',
    ],
    [
      moved('app.book'),
      'CASCADE_MOVED',
      'The tables, keys or triggers below app.book changed while its orphans were being cleaned.',
      'Run again; what is done stays done.',
    ],
    [
      uncopied('app.page', 1),
      'CASCADE_MOVED',
      '1 row of app.page would have gone without a copy; the batch was rolled back.',
      'Run again. If it happens each time, a session writes there that checks no keys (a subscription, session_replication_role = replica): stop it for the time of the clean-up.',
    ],
  ])('%s', (error, code, message, advice) => {
    expect([error.code, error.message, error.advice]).toEqual([code, message, advice]);
  });
});
