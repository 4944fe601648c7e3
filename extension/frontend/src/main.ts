/** Wires the Courses panel and the Submit button into JupyterLab, and provides the desk. */

import { ILayoutRestorer, JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette, IToolbarWidgetRegistry, Notification } from '@jupyterlab/apputils';
import { IDocumentManager } from '@jupyterlab/docmanager';
import { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { IStateDB } from '@jupyterlab/statedb';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { UUID } from '@lumino/coreutils';

import { Api } from './api';
import { CoursesModel } from './courses';
import { Desk, IDesk } from './desk';
import { bringForward } from './forward';
import { courseIcon, submitIcon } from './icons';
import { SubmitKeys } from './keys';
import { LessonModel } from './lesson';
import { inHand, submitButton } from './notebooks';
import { CoursesPanel } from './panel';
import { restoredText } from './safety/words';

const ID = '@coursewright/course:plugin';
const SEEN = 'coursewright:seen';

namespace CommandIDs {
  export const openCourses = 'coursewright:open-courses';
  export const submit = 'coursewright:submit';
}

export const main: JupyterFrontEndPlugin<IDesk> = {
  id: ID,
  description: 'Find a course, work through its lessons, hand in and see the score.',
  autoStart: true,
  provides: IDesk,
  requires: [IDocumentManager, INotebookTracker],
  optional: [
    ICommandPalette,
    ILayoutRestorer,
    ISettingRegistry,
    IStateDB,
    IToolbarWidgetRegistry,
    ITranslator
  ],
  activate: (
    app: JupyterFrontEnd,
    documents: IDocumentManager,
    notebooks: INotebookTracker,
    palette: ICommandPalette | null,
    restorer: ILayoutRestorer | null,
    registry: ISettingRegistry | null,
    memory: IStateDB | null,
    toolbars: IToolbarWidgetRegistry | null,
    translator: ITranslator | null
  ): IDesk => {
    const trans = (translator ?? nullTranslator).load('coursewright');
    const { serverSettings } = app.serviceManager;
    const api = new Api(serverSettings);
    const keys = new SubmitKeys(
      window.sessionStorage,
      `coursewright:${serverSettings.baseUrl}:`,
      () => UUID.uuid4()
    );
    const lesson = new LessonModel(api, keys);
    const courses = new CoursesModel(api, async opened => {
      documents.openOrReveal(opened.path);
      if (opened.restored) {
        Notification.info(restoredText(trans, opened.restored), { autoClose: 15_000 });
      }
    });
    const panel = new CoursesPanel(courses, lesson, api, trans);
    app.shell.add(panel, 'left', { rank: 50, type: 'Courses' });
    restorer?.add(panel, panel.id);

    const take = async (): Promise<void> => {
      const current = notebooks.currentWidget;
      const notebook = await inHand(current, trans);
      if (current === notebooks.currentWidget) {
        if (notebook) {
          void courses.begin(notebook.belonging.course);
        }
        await lesson.take(notebook);
      }
      app.commands.notifyCommandChanged(CommandIDs.submit);
    };
    notebooks.currentChanged.connect(() => void take());

    app.commands.addCommand(CommandIDs.openCourses, {
      label: trans.__('Open Courses'),
      caption: trans.__('Show the Courses panel'),
      icon: courseIcon,
      describedBy: { args: { type: 'object', properties: {} } },
      execute: () => bringForward(app.shell, panel.id)
    });
    app.commands.addCommand(CommandIDs.submit, {
      label: trans.__('Submit Lesson'),
      caption: trans.__('Save the lesson in front and hand it in'),
      icon: submitIcon,
      describedBy: { args: { type: 'object', properties: {} } },
      isEnabled: () => lesson.state.notebook !== null,
      execute: async () => {
        await take();
        await lesson.submit();
      }
    });
    for (const command of [CommandIDs.openCourses, CommandIDs.submit]) {
      palette?.addItem({ command, category: trans.__('Courses') });
    }
    toolbars?.addFactory<NotebookPanel>('Notebook', 'coursewright-submit', notebook =>
      submitButton(notebook, trans, () => {
        app.shell.activateById(notebook.id);
        void app.commands.execute(CommandIDs.submit);
      })
    );

    void start(app, panel, lesson, registry, memory);
    return new Desk({
      api,
      settings: serverSettings,
      trans,
      courses,
      lesson,
      documents,
      notebooks,
      addSection: section => panel.addSection(section),
      showPanel: () => app.shell.activateById(panel.id)
    });
  }
};

/** Read the settings, and show the panel to a newcomer once the layout is restored. */
async function start(
  app: JupyterFrontEnd,
  panel: CoursesPanel,
  lesson: LessonModel,
  registry: ISettingRegistry | null,
  memory: IStateDB | null
): Promise<void> {
  const settings = await registry?.load(ID);
  const apply = (): void => {
    lesson.pace = Number(settings?.get('pollingInterval').composite ?? lesson.pace);
  };
  apply();
  settings?.changed.connect(apply);
  const when = settings?.get('openAtStart').composite ?? 'first';
  const seen = await memory?.fetch(SEEN);
  await app.restored;
  if (when === 'always' || (when === 'first' && !seen)) {
    app.shell.activateById(panel.id);
    await memory?.save(SEEN, true);
  }
}
