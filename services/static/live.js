/**
 * What happens, as it happens: one WebSocket of a page to the course service.
 *
 * It connects, goes on after a gap behind the last event that it knows, waits longer after each
 * failure (spread, for after a restart all pages come back at once), and asks now and then by
 * `poll` while there is no connection. The element #live says how it stands.
 */

const FIRST_PAUSE = 500; // milliseconds between two tries
const LONGEST_PAUSE = 30_000;
const UNHEARD = 4_000; // without a connection for so long, `poll` is asked
const POLL = 15_000;
const SIGNED_OUT = 4401;

/**
 * `hear(message)` gets what is told on the page's topic and of its person; `poll()` answers with a
 * promise, rejected where the page may not be seen any more; `reset()` when too much was missed.
 */
export function follow({ hear, poll, reset }) {
  const place = document.getElementById('live');
  if (!place) {
    return;
  }
  const { address, topic, xsrf } = place.dataset;
  let last = Number(place.dataset.last);
  let pause = FIRST_PAUSE;
  let polling = 0;

  function say(text, state) {
    if (place.textContent !== text) {
      place.textContent = text;
    }
    place.dataset.state = state;
  }

  function stop(text) {
    clearTimeout(polling);
    say(text, 'off');
  }

  async function ask() {
    try {
      await poll();
    } catch {
      // The next one tells, or the connection does.
    }
    polling = setTimeout(ask, POLL * (0.8 + 0.4 * Math.random()));
  }

  function lost() {
    say('Not live, trying again', 'off');
    if (!polling && poll) {
      polling = setTimeout(ask, UNHEARD);
    }
  }

  function found() {
    clearTimeout(polling);
    polling = 0;
    pause = FIRST_PAUSE;
    say('Live', 'on');
  }

  function connect() {
    const url = new URL(address, location.href);
    url.protocol = url.protocol.replace('http', 'ws');
    url.search = new URLSearchParams({ _xsrf: xsrf, after: String(last) }).toString();
    const socket = new WebSocket(url);
    socket.onmessage = event => {
      const message = JSON.parse(event.data);
      if (message.connected === true && topic) {
        socket.send(JSON.stringify({ watch: topic, after: last }));
      } else if (message.connected === true || message.watching === topic) {
        found();
      } else if (message.connected === false) {
        lost();
      } else if (message.refused) {
        socket.onclose = null;
        socket.close();
        stop(`Not live. ${message.detail}`);
      } else if (message.reset) {
        reset?.();
      } else {
        last = Math.max(last, message.id ?? 0);
        hear(message);
      }
    };
    socket.onclose = event => {
      if (event.code === SIGNED_OUT) {
        stop('Not live: your sign-in has ended. Load the page again');
        return;
      }
      lost();
      setTimeout(connect, pause * (0.8 + 0.4 * Math.random()));
      pause = Math.min(2 * pause, LONGEST_PAUSE);
    };
  }

  say('Connecting …', 'off');
  connect();
}

/** JSON of the course service, asked for by a page. */
export async function read(address, xsrf) {
  const answer = await fetch(address, { headers: { 'X-XSRFToken': xsrf } });
  if (!answer.ok) {
    throw new Error(String(answer.status));
  }
  return answer.json();
}
