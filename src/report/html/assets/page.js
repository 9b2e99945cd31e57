'use strict';

/** What the page can do beyond being read: without this script nothing on it is missing but these. */
(() => {
  /** @type {(id: string) => HTMLElement | null} */
  const byId = (id) => document.getElementById(id);
  const findings = /** @type {HTMLDetailsElement[]} */ ([...document.querySelectorAll('.finding')]);

  theme();
  filter();
  fit();
  addEventListener('hashchange', openTarget);
  openTarget();
  print();

  /** What the system says, until somebody presses the switch. */
  function theme() {
    const button = byId('theme');
    if (!button) return;
    const root = document.documentElement;
    const system = matchMedia('(prefers-color-scheme: dark)');
    const isDark = () => (root.dataset.theme ? root.dataset.theme === 'dark' : system.matches);
    const show = () => (button.textContent = isDark() ? 'Light theme' : 'Dark theme');
    button.addEventListener('click', () => {
      root.dataset.theme = isDark() ? 'light' : 'dark';
      show();
    });
    system.addEventListener('change', show);
    button.hidden = false;
    show();
  }

  function filter() {
    const bar = byId('filter');
    const words = /** @type {HTMLInputElement | null} */ (byId('words'));
    const unfold = byId('unfold');
    if (!bar || !words || !unfold) return;
    const severities = /** @type {HTMLInputElement[]} */ ([...bar.querySelectorAll('[name=severity]')]);
    bar.addEventListener('input', show);
    unfold.addEventListener('click', () => {
      const shown = findings.filter((finding) => !finding.hidden);
      const open = !shown.every((finding) => finding.open);
      for (const finding of shown) finding.open = open;
      label();
    });
    for (const finding of findings) finding.addEventListener('toggle', label);
    bar.hidden = false;

    /** Every word has to be there, in any order. */
    function show() {
      const wanted = words ? words.value.toLowerCase().split(/\s+/) : [];
      const on = severities.filter((box) => box.checked).map((box) => box.value);
      for (const finding of findings) {
        const text = (finding.textContent ?? '').toLowerCase();
        finding.hidden =
          !on.includes(finding.dataset.severity ?? '') || !wanted.every((word) => text.includes(word));
      }
      const shown = findings.filter((finding) => !finding.hidden).length;
      const output = byId('shown');
      if (output)
        output.textContent =
          shown === findings.length ? `${shown} findings` : `${shown} of ${findings.length} findings`;
      label();
    }

    function label() {
      const shown = findings.filter((finding) => !finding.hidden);
      if (unfold)
        unfold.textContent =
          shown.length > 0 && shown.every((finding) => finding.open) ? 'Close all' : 'Open all';
    }
  }

  /** A drawing that is wider than the page is shown whole or to be read, as wanted. */
  function fit() {
    for (const button of document.querySelectorAll('button.size')) {
      const figure = button.closest('section')?.querySelector('figure');
      if (!figure || !(button instanceof HTMLButtonElement)) continue;
      const show = () =>
        (button.textContent = figure.classList.contains('fit') ? 'Full size' : 'Fit to the page');
      button.addEventListener('click', () => {
        figure.classList.toggle('fit');
        show();
      });
      button.hidden = false;
      show();
    }
  }

  /** An arrow of a drawing leads to its finding, also where that is folded or filtered away. */
  function openTarget() {
    const finding = findings.find(({ id }) => `#${id}` === location.hash);
    if (!finding) return;
    finding.hidden = false;
    finding.open = true;
    finding.scrollIntoView();
    finding.querySelector('summary')?.focus({ preventScroll: true });
  }

  /** On paper nothing can be unfolded. */
  function print() {
    /** @type {HTMLDetailsElement[]} */
    const folded = [];
    addEventListener('beforeprint', () => {
      folded.push(...[...document.querySelectorAll('details')].filter((one) => !one.open));
      for (const one of folded) one.open = true;
    });
    addEventListener('afterprint', () => {
      for (const one of folded.splice(0)) one.open = false;
    });
  }
})();
