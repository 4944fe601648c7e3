/** The page of a class: rows are changed where they stand, and move only when somebody sorts. */

import { follow, read } from './live.js';

const TICK = 15_000; // milliseconds between two looks at the clock
const SHOWN = 1_500; // for which a change is marked

const table = document.getElementById('class');
const body = table?.tBodies[0];
const chosen = document.getElementById('chosen');
const rows = new Map(); // by person
let ahead = 0; // of the service's clock before ours, in milliseconds

function ago(then) {
  const minutes = Math.max(0, Math.floor((Date.now() + ahead - Date.parse(then)) / 60_000));
  if (minutes < 1) {
    return 'under 1 min';
  }
  if (minutes < 60) {
    return `${minutes} min`;
  }
  return minutes < 2880 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 1440)} days`;
}

function plural(count, noun) {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function made(tag, text, look) {
  const element = document.createElement(tag);
  element.textContent = text;
  if (look) {
    element.className = look;
  }
  return element;
}

/** Puts `parts` into a cell, unless they are there already. Answers whether it did. */
function put(row, field, ...parts) {
  const cell = row.querySelector(`[data-field="${field}"]`);
  const wanted = document.createElement(cell.tagName);
  wanted.append(...parts.filter(part => part !== ''));
  const flat = text => text.replace(/\s+/g, ' ').trim();
  if (flat(cell.textContent) === flat(wanted.textContent)) {
    return false;
  }
  cell.replaceChildren(...wanted.childNodes);
  return true;
}

function clocks(row) {
  const { stuck, seen, here } = row.dataset;
  const late = stuck && here === 'yes';
  const since = !stuck ? '' : late ? made('strong', `▲ ${ago(stuck)}`, 'state waiting') : ago(stuck);
  const changed = put(row, 'stuck', since);
  put(row, 'seen', seen ? ago(seen) : made('span', 'never', 'of'));
  return changed;
}

function blank(one) {
  const row = body.rows[0].cloneNode(true);
  row.dataset.person = one.person;
  const box = row.querySelector('input');
  box.value = one.person;
  box.checked = false;
  box.setAttribute('aria-label', `Choose ${one.display_name}`);
  for (const cell of row.querySelectorAll('[data-field]')) {
    cell.replaceChildren();
  }
  body.append(row);
  rows.set(one.person, row);
  return row;
}

function show(one) {
  const { section, group } = table.dataset;
  if ((group && one.group !== group) || (section && one.section !== section)) {
    return;
  }
  const row = rows.get(one.person) ?? blank(one);
  row.dataset.name = one.display_name.toLowerCase();
  row.dataset.stuck = one.stuck_since ?? '';
  row.dataset.seen = one.last_at ?? '';
  row.dataset.here = one.here ? 'yes' : 'no';
  const own = one.display_name === one.person ? '' : made('span', one.person, 'facts');
  const tried = one.checks || one.attempts;
  const tries = `${plural(one.checks, 'check')}, ${plural(one.attempts, 'hand-in')}`;
  const changes = [
    put(row, 'name', one.display_name, own && ' ', own),
    put(row, 'section', one.section ?? ''),
    put(row, 'group', one.group ?? ''),
    put(row, 'here', made('span', one.here ? '● here' : '○ away', `state ${one.here ? 'done' : 'new'}`)),
    put(row, 'place', one.lesson, one.exercise && made('small', one.exercise)),
    put(row, 'tries', tried ? tries : '', tried && one.result ? made('small', one.result) : ''),
    put(row, 'hints', one.hints ? String(one.hints) : ''),
    clocks(row)
  ];
  if (changes.some(Boolean)) {
    row.classList.add('changed');
    setTimeout(() => row.classList.remove('changed'), SHOWN);
  }
}

function count() {
  const all = [...rows.values()];
  const here = all.filter(row => row.dataset.here === 'yes');
  const stuck = here.filter(row => row.dataset.stuck);
  for (const [name, found] of Object.entries({ students: all, here, stuck })) {
    document.querySelector(`[data-count="${name}"]`).textContent = String(found.length);
  }
}

function hear(message) {
  if (!message.rows) {
    return;
  }
  ahead = Date.parse(message.at) - Date.now();
  message.rows.forEach(show);
  const known = new Set(message.rows.map(one => one.person));
  const left = message.whole ? [...rows.keys()].filter(name => !known.has(name)) : message.gone ?? [];
  for (const name of left) {
    rows.get(name)?.remove();
    rows.delete(name);
  }
  count();
}

const ORDERS = {
  name: (a, b) => a.name.localeCompare(b.name),
  stuck: (a, b) =>
    Number(b.stuck && b.here === 'yes') - Number(a.stuck && a.here === 'yes') ||
    (Date.parse(a.stuck) || Infinity) - (Date.parse(b.stuck) || Infinity) ||
    0,
  seen: (a, b) => (Date.parse(b.seen) || 0) - (Date.parse(a.seen) || 0)
};

function sort(order) {
  const key = (a, b) => ORDERS[order](a.dataset, b.dataset) || ORDERS.name(a.dataset, b.dataset);
  body.append(...[...body.rows].sort(key));
  for (const link of table.querySelectorAll('[data-sort]')) {
    const now = link.dataset.sort === order ? 'ascending' : 'none';
    link.closest('th').setAttribute('aria-sort', now);
  }
}

function tell() {
  const number = body.querySelectorAll('input:checked').length;
  chosen.textContent = number ? `${plural(number, 'student')} chosen` : '';
}

if (table) {
  for (const row of body.rows) {
    rows.set(row.dataset.person, row);
  }
  ahead = Date.parse(table.dataset.at) - Date.now();
  table.addEventListener('click', event => {
    const link = event.target.closest('[data-sort]');
    if (link) {
      event.preventDefault();
      sort(link.dataset.sort);
    }
  });
  table.addEventListener('change', tell);
  setInterval(() => rows.forEach(clocks), TICK);
  const { xsrf } = document.getElementById('live').dataset;
  const poll = async () => hear({ ...(await read(table.dataset.rows, xsrf)), whole: true });
  follow({ hear, poll, reset: poll });
  tell();
}
