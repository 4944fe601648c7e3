/** The tab that shows differences; loaded when it is first needed. */

import { MainAreaWidget } from '@jupyterlab/apputils';
import { IEditorServices } from '@jupyterlab/codeeditor';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { ITranslator } from '@jupyterlab/translation';
import { caretDownIcon, caretUpIcon, Toolbar, ToolbarButton } from '@jupyterlab/ui-components';
import { Message } from '@lumino/messaging';
import { Panel, Widget } from '@lumino/widgets';
import { NotebookDiffModel } from 'nbdime/lib/diff/model/notebook';
import { NotebookDiffWidget } from 'nbdime/lib/diff/widget/notebook';
import 'nbdime/lib/styles/variables.css';
import 'nbdime/lib/styles/common.css';
import 'nbdime/lib/styles/diff.css';
import 'nbdime/lib/common/collapsible.css';
import 'nbdime/lib/upstreaming/flexpanel.css';

import { ITrans } from '../words';
import { IDifference, IShowDiff, ISteps } from './index';

const CELL = '.jp-Cell-diff';
const UNCHANGED = 'jp-Diff-unchanged';
const ONLY_CHANGES = 'jp-mod-onlyChanges';

interface ITools {
  editors: IEditorServices;
  rendermime: IRenderMimeRegistry;
  translator?: ITranslator;
  trans: ITrans;
}

let numbers = 0;

/** A main-area tab with nbdime's view of `found`. */
export function shownDiff(
  asked: IShowDiff,
  found: IDifference,
  tools: ITools
): MainAreaWidget<DiffTab> {
  const content = new DiffTab(asked, found, tools);
  const toolbar = new Toolbar();
  const widget = new MainAreaWidget({ content, toolbar });
  widget.id = `coursewright-diff-${++numbers}`;
  widget.title.label = asked.title;
  widget.title.caption = `${asked.baseLabel} → ${asked.remoteLabel}`;
  widget.title.closable = true;
  toolbar.node.setAttribute('aria-label', tools.trans.__('Differences'));
  content.tools(toolbar);
  return widget;
}

/** The two notebooks, cell by cell, with a head that says which is which. */
export class DiffTab extends Panel implements ISteps {
  constructor(
    asked: IShowDiff,
    found: IDifference,
    private readonly _tools: ITools
  ) {
    super();
    const { trans } = _tools;
    this.addClass('jp-Coursewright-diff');
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', asked.title);
    this.node.tabIndex = -1;
    this.addWidget(head(asked, trans));
    this._view = new NotebookDiffWidget({
      model: new NotebookDiffModel(found.base, found.diff),
      rendermime: _tools.rendermime,
      editorFactory: _tools.editors.factoryService.newInlineEditor,
      translator: _tools.translator,
      collapseIdentical: false
    });
    this._same = found.diff.length === 0;
    if (this._same) {
      this._status.textContent = trans.__('No differences');
    }
    this._status.setAttribute('role', 'status');
    this._status.className = 'jp-Coursewright-diffStatus';
    const body = new Panel();
    body.addClass('jp-Coursewright-diffBody');
    body.addClass('nbdime-root');
    body.addWidget(this._view);
    this.addWidget(body);
    this.toggleClass(ONLY_CHANGES, !this._same);
    void this._view.init().then(() => this._name());
  }

  /** Go to the next change, or to the one before; after the last comes the first. */
  step(by: 1 | -1): void {
    const changes = this._changes();
    if (changes.length === 0) {
      return;
    }
    const from = this._at < 0 && by < 0 ? 0 : this._at;
    this._at = (from + by + changes.length) % changes.length;
    const cell = changes[this._at];
    cell.focus({ preventScroll: true });
    cell.scrollIntoView({ block: 'nearest' });
    this._status.textContent = this._tools.trans.__(
      'Change %1 of %2',
      this._at + 1,
      changes.length
    );
  }

  /** Fill the toolbar of this tab. */
  tools(toolbar: Toolbar): void {
    const { trans } = this._tools;
    const steps = [
      ['previous', trans.__('Previous change'), 'Shift+F7', caretUpIcon, -1],
      ['next', trans.__('Next change'), 'F7', caretDownIcon, 1]
    ] as const;
    for (const [name, label, keys, icon, by] of steps) {
      toolbar.addItem(
        name,
        new ToolbarButton({
          icon,
          label,
          tooltip: `${label} (${keys})`,
          enabled: !this._same,
          onClick: () => this.step(by)
        })
      );
    }
    const status = new Widget({ node: this._status });
    toolbar.addItem('status', status);
    toolbar.addItem('spacer', Toolbar.createSpacerItem());
    toolbar.addItem('unchanged', this._unchangedButton());
  }

  protected override onActivateRequest(_: Message): void {
    this.node.focus();
  }

  private _unchangedButton(): ToolbarButton {
    const { trans } = this._tools;
    const button = new ToolbarButton({
      label: trans.__('Unchanged cells'),
      tooltip: trans.__('Show the unchanged cells too'),
      pressed: this._same,
      enabled: !this._same,
      onClick: () => {
        this.toggleClass(ONLY_CHANGES);
        button.pressed = !this.hasClass(ONLY_CHANGES);
      }
    });
    return button;
  }

  /** Say to everybody what a cell's colour says. */
  private _name(): void {
    const { trans } = this._tools;
    for (const cell of this._changes()) {
      const kind = cell.classList.contains('jp-Diff-added')
        ? trans.__('Added cell')
        : cell.classList.contains('jp-Diff-deleted')
          ? trans.__('Removed cell')
          : trans.__('Changed cell');
      cell.dataset.kind = kind;
      cell.tabIndex = -1;
      cell.setAttribute('role', 'group');
      cell.setAttribute('aria-label', kind);
    }
    for (const header of this.node.querySelectorAll('.jp-CollapsiblePanel-header-icon')) {
      header.setAttribute('aria-label', trans.__('Show or hide'));
    }
    for (const editor of this.node.querySelectorAll('.cm-content')) {
      editor.setAttribute('aria-label', trans.__('Text of the cell'));
    }
  }

  private _changes(): HTMLElement[] {
    return [...this.node.querySelectorAll<HTMLElement>(CELL)].filter(
      cell => !cell.classList.contains(UNCHANGED)
    );
  }

  private readonly _view: NotebookDiffWidget;
  private readonly _status = document.createElement('span');
  private readonly _same: boolean;
  private _at = -1;
}

/** Which side is which, above the two columns. */
function head(asked: IShowDiff, trans: ITrans): Widget {
  const node = document.createElement('div');
  node.className = 'jp-Coursewright-diffHead';
  const sides = [
    ['−', asked.baseLabel, trans.__('On the left')],
    ['+', asked.remoteLabel, trans.__('On the right')]
  ];
  for (const [sign, label, where] of sides) {
    const side = document.createElement('div');
    side.title = where;
    side.textContent = `${sign} ${label}`;
    node.append(side);
  }
  return new Widget({ node });
}
