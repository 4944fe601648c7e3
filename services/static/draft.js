/** The page of a draft: says when its check has ended, and shows what that found when asked to. */

import { follow, read } from './live.js';

const check = document.getElementById('check');

function tell() {
  if (check.dataset.ended) {
    return;
  }
  check.dataset.ended = 'yes';
  const link = document.createElement('a');
  link.href = location.pathname;
  link.textContent = 'Show what it found';
  const said = document.createElement('p');
  said.append('The check has ended. ', link);
  check.replaceChildren(said);
}

function hear({ name, course }) {
  if (name === 'course.check.finished' && course === check.dataset.course) {
    tell();
  }
}

/** For a page that is not connected, or that missed too much. */
async function poll() {
  const { state } = await read(check.dataset.address, document.getElementById('live').dataset.xsrf);
  if (state === 'done' || state === 'failed') {
    tell();
  }
}

if (check?.dataset.course) {
  follow({ hear, poll, reset: poll });
}
