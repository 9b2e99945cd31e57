import { call, paged, Refused } from './api.js';
import { deleteUser } from './delete-user.js';
import { button, byId, fill, onceAtATime, row } from './dom.js';

const borrower = byId('borrower');
const lists = { books: paged('/books'), users: paged('/users') };

/** Does something and says how it went; `refused` is what did not happen. */
async function attempt(work, refused) {
  byId('failure').textContent = '';
  try {
    const said = await work();
    if (said !== undefined) byId('notice').textContent = said;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    byId('notice').textContent = '';
    byId('failure').textContent = refused ? `${refused}: ${error.message}` : error.message;
  }
}

/** Both lists anew, readers first, since without one no book can be borrowed: what somebody else has changed in the meantime is a reason to be refused. */
async function refresh() {
  const line = document.activeElement?.closest('tr');
  await showUsers(lists.users.again());
  await showBooks(lists.books.again());
  // The button that was pressed is gone; the keyboard goes on where it was.
  if (line?.dataset.key)
    (document.querySelector(`[data-key="${line.dataset.key}"] button`) ?? byId('main')).focus();
}

const changing = (refused, work) => attempt(() => work().finally(refresh), refused);

const day = (date) => new Date(date).toLocaleDateString(undefined, { dateStyle: 'medium' });

function bookRow(book) {
  const { id, title, isbn, authors, borrowed } = book;
  const lend = () =>
    changing(`${title} was not borrowed`, async () => {
      await call('POST', '/checkouts', { userId: Number(borrower.value), bookId: id });
      return `${title} is borrowed.`;
    });
  const bringBack = () =>
    changing(`${title} was not brought back`, async () => {
      await call('POST', `/checkouts/${borrowed.checkoutId}/return`);
      return `${title} is back.`;
    });
  const action = borrowed
    ? button('Return', `Return ${title}`, bringBack)
    : button('Borrow', `Borrow ${title}`, lend);
  action.disabled = !borrowed && borrower.options.length === 0;
  const availability = borrowed ? `Out: ${borrowed.name} has it until ${day(borrowed.dueAt)}` : 'Available';
  const line = row(title, authors.map(({ name }) => name).join(', '), isbn, availability, action);
  line.dataset.key = `book-${id}`;
  return line;
}

function userRow(user) {
  const remove = () =>
    changing(`${user.name} was not deleted`, async () =>
      (await deleteUser(user)) ? `${user.name} is deleted.` : '',
    );
  const line = row(user.name, user.email, button('Delete …', `Delete ${user.name}`, remove, 'danger'));
  line.dataset.key = `user-${user.id}`;
  return line;
}

async function showBooks(loading) {
  const { rows, mayHaveMore } = await loading;
  fill(byId('books'), rows.map(bookRow), byId('no-books'));
  byId('more-books').hidden = !mayHaveMore;
}

async function showUsers(loading) {
  const { rows, mayHaveMore } = await loading;
  fill(byId('users'), rows.map(userRow), byId('no-users'));
  byId('more-users').hidden = !mayHaveMore;
  const chosen = borrower.value;
  borrower.replaceChildren(...rows.map(({ id, name }) => new Option(name, id)));
  if (rows.some(({ id }) => String(id) === chosen)) borrower.value = chosen;
}

function takesNew(formId, path, said, refused) {
  const form = byId(formId);
  const send = onceAtATime(() =>
    changing(refused, async () => {
      await call('POST', path, Object.fromEntries(new FormData(form)));
      form.reset();
      return said;
    }),
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    send();
  });
}

takesNew('new-book', '/books', 'The book is on its shelf.', 'The book was not added');
takesNew('new-user', '/users', 'The reader has a card.', 'The reader was not added');
byId('more-books').addEventListener('click', () => attempt(() => showBooks(lists.books.more())));
byId('more-users').addEventListener('click', () => attempt(() => showUsers(lists.users.more())));
void attempt(refresh);
