/** The element with this id. */
export const byId = (id) => document.getElementById(id);

/** A table row; text is set as text, whatever a reader has called themselves. */
export function row(...contents) {
  const line = document.createElement('tr');
  contents.forEach((content, index) => {
    const cell = document.createElement(index === 0 ? 'th' : 'td');
    if (index === 0) cell.scope = 'row';
    cell.append(content);
    line.append(cell);
  });
  return line;
}

/** While it runs, a second click is the first one's: a book is borrowed once. */
export function onceAtATime(work) {
  let running;
  return () => {
    running ??= work().finally(() => (running = undefined));
  };
}

/** A button whose name says to what it belongs. */
export function button(text, name, onClick, className = '') {
  const element = document.createElement('button');
  element.type = 'button';
  element.textContent = text;
  element.className = className;
  element.setAttribute('aria-label', name);
  element.addEventListener('click', onceAtATime(onClick));
  return element;
}

/** Shows a table's rows, or the line that there are none. */
export function fill(table, rows, emptyLine) {
  table.querySelector('tbody').replaceChildren(...rows);
  if (emptyLine) emptyLine.hidden = rows.length > 0;
}
