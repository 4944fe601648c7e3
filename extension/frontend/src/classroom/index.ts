/** The Class panel and marking, for those who teach a course; everybody else never sees them. */

import { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette, MainAreaWidget } from '@jupyterlab/apputils';
import { IEditorLanguageRegistry } from '@jupyterlab/codemirror';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { ISettingRegistry } from '@jupyterlab/settingregistry';

import { IDesk } from '../desk';
import { bringForward } from '../forward';
import { ILive } from '../live/token';
import { ICourseCard } from '../tokens';
import { classIcon } from './icon';
import type { ClassModel } from './model';
import type { ClassPanel } from './panel';
import type { PaperView } from './paper';

const SETTINGS = '@coursewright/course:plugin';

namespace CommandIDs {
  export const open = 'coursewright:open-class';
  export const mark = 'coursewright:mark-ungraded';
  export const read = 'coursewright:read-submission';
}

export const classroom: JupyterFrontEndPlugin<void> = {
  id: '@coursewright/course:classroom',
  description: 'Shows a class at work to those who teach it, and lets them mark.',
  autoStart: true,
  requires: [IDesk, IRenderMimeRegistry],
  optional: [ILive, ICommandPalette, IEditorLanguageRegistry, ISettingRegistry],
  activate: (
    app: JupyterFrontEnd,
    desk: IDesk,
    rendermime: IRenderMimeRegistry,
    live: ILive | null,
    palette: ICommandPalette | null,
    languages: IEditorLanguageRegistry | null,
    registry: ISettingRegistry | null
  ): void => {
    const room = new Classroom(app, desk, rendermime, live, languages, registry);
    addCommands(app, desk, room, palette);
    desk.courses.changed.connect(() => void room.teach(desk.courses.state.courses ?? []));
    void app.restored.then(async () => {
      if (!desk.courses.state.courses) {
        await room.teach(await desk.api.courses().catch(() => []));
      }
    });
  }
};

class Classroom {
  constructor(
    private readonly _app: JupyterFrontEnd,
    private readonly _desk: IDesk,
    private readonly _rendermime: IRenderMimeRegistry,
    private readonly _live: ILive | null,
    private readonly _languages: IEditorLanguageRegistry | null,
    private readonly _registry: ISettingRegistry | null
  ) {}

  get teaches(): boolean {
    return this._taught.length > 0;
  }

  /** The course that is watched, or the first that one teaches. */
  get course(): string {
    return this._model?.state.course || (this._taught[0]?.key ?? '');
  }

  /** Show the panel to whoever teaches one of these courses. */
  async teach(courses: ICourseCard[]): Promise<void> {
    const taught = courses.filter(({ role }) => role === 'assistant' || role === 'instructor');
    const told = taught.map(card => `${card.key} ${card.title}`).join('\n');
    if (told === this._told) {
      return;
    }
    this._told = told;
    this._taught = taught;
    this._app.commands.notifyCommandChanged();
    this._panel ??= taught.length ? this._makePanel() : null;
    await this._panel;
    this._model?.teach(taught);
  }

  async showPanel(): Promise<void> {
    const panel = await this._panel;
    if (panel) {
      bringForward(this._app.shell, panel.id);
    }
  }

  /** Open a hand-in, or without a number the next that waits. */
  async mark(course: string, submission?: number): Promise<void> {
    const view = await this._paper();
    view.model.anonymous = await this._isAnonymous();
    await (submission === undefined
      ? view.model.next(course)
      : view.model.open(course, submission));
    await this._model?.refresh();
  }

  private async _makePanel(): Promise<ClassPanel> {
    const [{ ClassPanel }, { ClassModel }] = await Promise.all([
      import('./panel'),
      import('./model')
    ]);
    const { commands, shell } = this._app;
    const panel = new ClassPanel(this._desk.trans, {
      mark: course => void commands.execute(CommandIDs.mark, { course }),
      open: (course, submission) => void commands.execute(CommandIDs.read, { course, submission })
    });
    this._model = new ClassModel(this._desk, this._live, () => panel.isVisible);
    panel.model = this._model;
    shell.add(panel, 'left', { rank: 60, type: 'Class' });
    return panel;
  }

  private async _paper(): Promise<PaperView> {
    if (!this._view || this._view.isDisposed) {
      const [{ PaperView }, { MarkingModel }] = await Promise.all([
        import('./paper'),
        import('./marking')
      ]);
      const model = new MarkingModel(this._desk);
      const { trans } = this._desk;
      const content = new PaperView(model, this._rendermime, this._languages, trans);
      content.title.icon = classIcon;
      this._view = new MainAreaWidget({ content });
      this._view.id = 'coursewright-marking-tab';
      // A MainAreaWidget calls whatever it holds its content.
      content.node.setAttribute('aria-label', trans.__('Marking'));
      this._app.shell.add(this._view, 'main');
    }
    this._app.shell.activateById(this._view.id);
    return this._view.content;
  }

  private async _isAnonymous(): Promise<boolean> {
    const settings = await this._registry?.load(SETTINGS).catch(() => null);
    return settings?.get('anonymousMarking').composite === true;
  }

  private _taught: ICourseCard[] = [];
  private _told = '';
  private _panel: Promise<ClassPanel> | null = null;
  private _model: ClassModel | null = null;
  private _view: MainAreaWidget<PaperView> | null = null;
}

function addCommands(
  app: JupyterFrontEnd,
  desk: IDesk,
  room: Classroom,
  palette: ICommandPalette | null
): void {
  const { commands } = app;
  const { trans } = desk;
  const course = { type: 'string', description: 'The key of a course that one teaches' };
  const named = (args: unknown): string => {
    const { course: key } = Object(args) as { course?: unknown };
    return typeof key === 'string' ? key : room.course;
  };
  commands.addCommand(CommandIDs.open, {
    label: trans.__('Open Class'),
    caption: trans.__('Show who of a class is where, and who is stuck'),
    icon: classIcon,
    describedBy: { args: { type: 'object', properties: {} } },
    isVisible: () => room.teaches,
    isEnabled: () => room.teaches,
    execute: () => room.showPanel()
  });
  commands.addCommand(CommandIDs.mark, {
    label: trans.__('Mark Next Ungraded Hand-in'),
    caption: trans.__('Keep what was typed, and open the hand-in that has waited longest'),
    describedBy: { args: { type: 'object', properties: { course } } },
    isVisible: () => room.teaches,
    isEnabled: () => room.teaches,
    execute: args => room.mark(named(args))
  });
  const submission = { type: 'integer', description: 'The number of a submission' };
  commands.addCommand(CommandIDs.read, {
    label: trans.__('Read a Hand-in'),
    caption: trans.__('Open a hand-in of the class, to read and to mark it'),
    describedBy: {
      args: { type: 'object', properties: { course, submission }, required: ['submission'] }
    },
    isVisible: () => room.teaches,
    isEnabled: () => room.teaches,
    execute: args => room.mark(named(args), Number(args.submission))
  });
  for (const command of [CommandIDs.open, CommandIDs.mark]) {
    palette?.addItem({ command, category: trans.__('Courses') });
  }
}
