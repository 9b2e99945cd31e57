import { call } from './api.js';
import { byId, fill, row } from './dom.js';

const dialog = byId('delete-user');
const summary = byId('impact-summary');
const table = byId('impact');
const confirm = byId('confirm-delete');

const NAMES = { User: 'Reader', Checkout: 'Checkouts', Fine: 'Fines', Review: 'Reviews' };
const SAID = {
  deletes: (goes, stays) =>
    `${goes} ${goes === 1 ? 'row' : 'rows'} will be deleted, ${stays} will be kept without the reader. This cannot be undone.`,
  blocked: () => 'The database would refuse this: other rows hold on to this reader.',
  unknown: () => 'Not everything that this would do can be known beforehand.',
};

const sum = (touched, count) => touched.reduce((total, one) => total + one[count], 0);

function show({ verdict, touched }) {
  summary.textContent = SAID[verdict](sum(touched, 'rowsDeleted'), sum(touched, 'rowsChanged'));
  fill(
    table,
    touched.map(({ model, rowsDeleted, rowsChanged }) =>
      row(NAMES[model] ?? model, String(rowsDeleted), String(rowsChanged)),
    ),
  );
  table.hidden = false;
  confirm.disabled = verdict === 'blocked';
}

/** Shows what a delete would take along; resolves with true when it was wanted all the same and is done. */
export async function deleteUser(user) {
  byId('delete-heading').textContent = `Delete ${user.name}?`;
  summary.textContent = 'Looking at what goes with this reader …';
  table.hidden = true;
  confirm.disabled = true;
  dialog.returnValue = '';
  const closed = new Promise((resolve) => dialog.addEventListener('close', resolve, { once: true }));
  dialog.showModal();
  let impact;
  try {
    impact = await call('GET', `/users/${user.id}/impact`);
    show(impact);
  } catch (error) {
    dialog.close();
    throw error;
  }
  await closed;
  if (dialog.returnValue !== 'delete') return false;
  // The server compares: what goes is what was shown, or nothing.
  await call('DELETE', `/users/${user.id}`, { touched: impact.touched });
  return true;
}

byId('cancel-delete').addEventListener('click', () => dialog.close());
confirm.addEventListener('click', () => dialog.close('delete'));
