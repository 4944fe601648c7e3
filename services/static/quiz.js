// An attempt at a quiz: saves as it goes, shows the time that is left, moves entries of an ordering.
// Without it the form is saved and handed in by its buttons, and the server ends the time anyway.

const form = document.querySelector('.quiz-form');
const saved = form.querySelector('.saved');
const spoken = form.querySelector('[data-spoken]');
const WAIT = 800; // milliseconds after the last change
const AGAIN = 5000;
const TOLD = [600, 300, 60, 10]; // seconds left that are read aloud

for (const list of form.querySelectorAll('.order')) {
  makeMovable(list);
}
keepSaved();
if (form.dataset.left !== undefined) {
  countDown(Number(form.dataset.left));
}

/** Buttons instead of numbers; the numbers are still what is sent. */
function makeMovable(list) {
  list.closest('.question').querySelector('[data-without-script]')?.remove();
  for (const item of list.children) {
    item.querySelector('input').hidden = true;
    const moves = document.createElement('span');
    moves.className = 'moves';
    for (const [step, sign, word] of [[-1, '↑', 'up'], [1, '↓', 'down']]) {
      const button = document.createElement('button');
      button.type = 'button';
      button.className = 'quiet';
      button.textContent = sign;
      button.setAttribute('aria-label', `Move ${word}: ${item.dataset.name}`);
      button.addEventListener('click', () => move(list, item, step, button));
      moves.append(button);
    }
    item.append(moves);
  }
  markEnds(list);
}

function move(list, item, step, button) {
  const other = step < 0 ? item.previousElementSibling : item.nextElementSibling;
  if (!other) {
    return;
  }
  if (step < 0) {
    other.before(item);
  } else {
    other.after(item);
  }
  [...list.children].forEach((one, place) => {
    one.querySelector('input').value = place + 1;
  });
  markEnds(list);
  button.focus();
  const place = [...list.children].indexOf(item) + 1;
  say(`${item.dataset.name}: place ${place} of ${list.children.length}`);
  form.dispatchEvent(new Event('input', { bubbles: true }));
}

function markEnds(list) {
  [...list.children].forEach((item, place) => {
    const [up, down] = item.querySelectorAll('.moves button');
    up.setAttribute('aria-disabled', String(place === 0));
    down.setAttribute('aria-disabled', String(place === list.children.length - 1));
  });
}

/** What the API takes, by question. */
function answers() {
  const found = {};
  for (const box of form.querySelectorAll('[data-question]')) {
    const key = box.dataset.question;
    const checked = [...box.querySelectorAll('input:checked')].map(one => Number(one.value));
    if (box.dataset.kind === 'single') {
      found[key] = checked.length ? checked[0] : null;
    } else if (box.dataset.kind === 'multiple') {
      found[key] = checked;
    } else if (box.dataset.kind === 'ordering') {
      const items = [...box.querySelectorAll('.order li')];
      const moved = items.every(item => item.querySelector('input').value);
      found[key] = moved ? items.map(item => Number(item.dataset.place)) : [];
    } else {
      found[key] = box.querySelector('input, textarea').value;
    }
  }
  return found;
}

/** One save at a time, and always the newest answers; only what changed is sent. */
function keepSaved() {
  let last = answers();
  let timer = 0;
  let sending = false;
  const plan = wait => {
    clearTimeout(timer);
    timer = setTimeout(send, wait);
  };
  async function send() {
    if (sending) {
      plan(WAIT);
      return;
    }
    const now = answers();
    const changed = Object.keys(now).filter(
      key => JSON.stringify(now[key]) !== JSON.stringify(last[key])
    );
    if (!changed.length) {
      return;
    }
    sending = true;
    try {
      const answer = await fetch(form.dataset.answers, {
        method: 'PUT',
        headers: {
          'Content-Type': 'application/json',
          'X-XSRFToken': form.elements._xsrf.value
        },
        body: JSON.stringify({ answers: Object.fromEntries(changed.map(key => [key, now[key]])) })
      });
      if (answer.status === 403 || answer.status === 409) {
        location.reload();
        return;
      }
      if (!answer.ok) {
        throw new Error(String(answer.status));
      }
      const told = await answer.json();
      last = now;
      const wrong = Object.values(told.wrong);
      show(wrong.length ? `${wrong[0]}.` : `Saved ${new Date().toLocaleTimeString()}`, wrong.length);
    } catch {
      show('Not saved yet; it is tried again.', true);
      plan(AGAIN);
    } finally {
      sending = false;
    }
  }
  form.addEventListener('input', () => plan(WAIT));
  form.addEventListener('change', () => plan(0));
  document.addEventListener('visibilitychange', () => document.hidden && send());
}

function show(text, lost) {
  if (lost && saved.textContent !== text) {
    say(text);
  }
  saved.textContent = text;
  saved.classList.toggle('lost', Boolean(lost));
}

/** By the time that has passed here, whatever this computer's clock says. */
function countDown(seconds) {
  const clock = form.querySelector('.clock');
  const end = performance.now() + seconds * 1000;
  let before = seconds;
  const tick = () => {
    const left = Math.max(0, Math.ceil((end - performance.now()) / 1000));
    clock.textContent = `· ${words(left)} left`;
    clock.classList.toggle('short', left <= 60);
    const reached = TOLD.find(one => left <= one && before > one);
    if (reached) {
      say(`${words(left)} left`);
    }
    before = left;
    if (left === 0) {
      say('The time is over; your answers are handed in.');
      form.requestSubmit(form.querySelector('button[name="submit"]'));
      return;
    }
    setTimeout(tick, 500);
  };
  tick();
}

function words(seconds) {
  const minutes = Math.floor(seconds / 60);
  const rest = String(seconds % 60).padStart(2, '0');
  const hours = Math.floor(minutes / 60);
  return hours ? `${hours}:${String(minutes % 60).padStart(2, '0')}:${rest}` : `${minutes}:${rest}`;
}

function say(text) {
  spoken.textContent = text;
}
