/** Brings what happens on the server to this page: live events, toasts, marks, the badge. */

import { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { Notification } from '@jupyterlab/apputils';
import { PageConfig } from '@jupyterlab/coreutils';
import { ReadonlyPartialJSONObject } from '@lumino/coreutils';

import { IDesk } from '../desk';
import { ISubmission } from '../tokens';
import { outcome } from '../words';
import { Arrivals, IArrival } from './arrivals';
import { Feed } from './feed';
import { bare } from './marks';
import { messagesPage, ownSubmission, writtenIn } from './messages';
import { handedIn, MarkedNotebooks } from './notebooks';
import { ILive } from './token';

const PANEL = 'coursewright-courses';
const SHOW_DIFF = 'coursewright:show-diff';
const TOAST = 8000; // milliseconds

export const live: JupyterFrontEndPlugin<ILive> = {
  id: '@coursewright/course:live',
  description: 'Feedback as it arrives: toasts, a count of what is unread, marks in the notebook.',
  autoStart: true,
  provides: ILive,
  requires: [IDesk],
  activate: (app: JupyterFrontEnd, desk: IDesk): ILive => {
    const feed = new Feed(desk.settings);
    const arrivals = new Arrivals(desk.api, (path, init) => desk.ask(path, init));
    desk.lesson.follow(feed);
    desk.lesson.settled.connect((_, attempt) => {
      const own = desk.lesson.state.notebook?.belonging;
      if (own) {
        arrivals.note(own.course, own.lesson, attempt);
      }
    });
    feed.happened.connect((_, event) => {
      const course = writtenIn(event);
      if (course !== null) {
        letter(desk, course);
      }
      const submission = ownSubmission(event);
      if (submission !== null && event.course && event.lesson) {
        arrivals.look(event.course, event.lesson, submission).catch(() => {
          console.warn('Coursewright: feedback is there, and could not be loaded.');
        });
      }
    });
    arrivals.arrived.connect((_, arrival) => {
      void desk.courses.freshen(arrival.course);
      toast(desk, arrival);
    });
    arrivals.counted.connect(() => badge(app, desk, arrivals.unread));
    desk.lesson.compare = async (later, earlier) => {
      await app.commands.execute(SHOW_DIFF, await difference(desk, later, earlier));
    };
    void app.restored.then(() => {
      const notebooks = new MarkedNotebooks(desk, arrivals);
      void arrivals.count();
      let was = false;
      feed.changed.connect(() => {
        // What came while there was no connection was told to nobody.
        if (feed.connected && was) {
          void arrivals.count();
          void notebooks.refresh();
        }
        was = true;
      });
      feed.start();
    });
    return feed;
  }
};

function toast(desk: IDesk, { course, lesson, attempt }: IArrival): void {
  const known = desk.courses.state.course;
  const lessons = known?.key === course ? known.modules.flatMap(module => module.lessons) : [];
  const title = lessons.find(one => one.key === lesson)?.title ?? lesson;
  const { trans } = desk;
  Notification.emit(
    trans.__('%1: %2', title, outcome(trans, attempt)),
    attempt.state === 'failed' ? 'warning' : 'info',
    {
      autoClose: TOAST,
      actions: [{ label: trans.__('Show'), callback: () => show(desk, course, lesson) }]
    }
  );
}

/** Stays until it is closed: somebody wants to be read. */
function letter(desk: IDesk, course: string): void {
  const known = desk.courses.state.course;
  const title = known?.key === course ? known.title : course;
  const { trans } = desk;
  const page = messagesPage(PageConfig.getOption('hubPrefix'));
  const read = { label: trans.__('Read'), callback: () => void window.open(page ?? '', '_blank') };
  Notification.info(trans.__('There is a message for you in %1', title), {
    autoClose: false,
    actions: page === null ? [] : [read]
  });
}

/** The notebook with the marks when it is open, else the panel. */
function show(desk: IDesk, course: string, lesson: string): void {
  const open = desk
    .lessons()
    .find(one => one.belonging.course === course && one.belonging.lesson === lesson);
  if (open) {
    desk.documents.openOrReveal(open.panel.context.path);
  }
  desk.showPanel();
}

/** The count on the panel's icon; its name for screen readers says it too. */
function badge(app: JupyterFrontEnd, desk: IDesk, unread: number): void {
  const panel = [...app.shell.widgets('left')].find(widget => widget.id === PANEL);
  if (!panel) {
    return;
  }
  const { trans } = desk;
  const { unread: _, ...rest } = panel.title.dataset as Record<string, string>;
  panel.title.dataset = unread ? { ...rest, unread: String(Math.min(unread, 99)) } : rest;
  panel.title.caption = unread
    ? trans._n('Courses: %1 unread feedback', 'Courses: %1 unread feedbacks', unread)
    : trans.__('Courses');
}

async function difference(
  desk: IDesk,
  later: ISubmission,
  earlier: ISubmission
): Promise<ReadonlyPartialJSONObject> {
  const [base, remote] = await Promise.all([
    handedIn(desk, earlier.id),
    handedIn(desk, later.id)
  ]);
  const { trans } = desk;
  return {
    title: trans.__('Attempts %1 and %2', earlier.attempt, later.attempt),
    // The kernel's name and the like are no difference between attempts either.
    base: { ...bare(base), metadata: remote.metadata } as ReadonlyPartialJSONObject,
    remote: bare(remote) as ReadonlyPartialJSONObject,
    baseLabel: trans.__('Attempt %1', earlier.attempt),
    remoteLabel: trans.__('Attempt %1', later.attempt)
  };
}
