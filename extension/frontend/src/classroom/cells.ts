/** A cell that somebody else wrote, to be read: its source and what it showed. */

import { IEditorLanguageRegistry } from '@jupyterlab/codemirror';
import { IRenderMimeRegistry, MimeModel } from '@jupyterlab/rendermime';
import { Panel, Widget } from '@lumino/widgets';

import { ITrans } from '../words';
import { IForeignCell } from './types';

/** Outputs of one cell, and characters of one text, that are drawn at most. */
const MOST_OUTPUTS = 200;
const LONGEST = 200_000;

export interface IReading {
  rendermime: IRenderMimeRegistry;
  languages: IEditorLanguageRegistry | null;
  trans: ITrans;
}

type Data = Record<string, string>;

export function cellView(cell: IForeignCell, reading: IReading): Panel {
  const { trans } = reading;
  const panel = new Panel();
  panel.addClass('jp-Coursewright-foreign');
  panel.node.setAttribute('role', 'group');
  if (cell.cell_type === 'code') {
    panel.node.setAttribute('aria-label', trans.__('Code'));
    panel.addWidget(codeView(text(cell.source), reading));
    for (const output of outputs(cell.outputs)) {
      const drawn = draw(output, reading.rendermime);
      if (drawn) {
        panel.addWidget(drawn);
      }
    }
  } else {
    panel.node.setAttribute('aria-label', trans.__('Text'));
    const kind = cell.cell_type === 'markdown' ? 'text/markdown' : 'text/plain';
    const drawn = draw({ [kind]: text(cell.source) }, reading.rendermime);
    if (drawn) {
      panel.addWidget(drawn);
    }
  }
  return panel;
}

function codeView(source: string, reading: IReading): Widget {
  const widget = new Widget({ node: document.createElement('pre') });
  widget.addClass('jp-Coursewright-code');
  // Long lines scroll, so that the keyboard must reach them.
  widget.node.tabIndex = 0;
  widget.node.setAttribute('role', 'group');
  widget.node.setAttribute('aria-label', reading.trans.__('Source'));
  const code = widget.node.appendChild(document.createElement('code'));
  code.textContent = source;
  const language = reading.languages?.findByName('python') ?? null;
  if (reading.languages && language && source.length < LONGEST) {
    const coloured = document.createElement('code');
    void reading.languages
      .highlight(source, language, coloured)
      .then(() => code.replaceWith(coloured))
      .catch(() => undefined);
  }
  return widget;
}

/** The richest harmless form of an output; null when there is none. */
function draw(data: Data, rendermime: IRenderMimeRegistry): Widget | null {
  const kind = rendermime.preferredMimeType(data, 'ensure');
  if (!kind) {
    return null;
  }
  const drawn = rendermime.createRenderer(kind);
  drawn.addClass('jp-Coursewright-output');
  const model = new MimeModel({ data, trusted: false });
  void drawn.renderModel(model).catch(() => {
    drawn.node.textContent = data['text/plain'] ?? '';
  });
  return drawn;
}

/** By kind, whatever the shape of what was kept. */
function outputs(found: unknown): Data[] {
  if (!Array.isArray(found)) {
    return [];
  }
  return found.slice(0, MOST_OUTPUTS).map(output => {
    const { output_type: type, name, data, traceback, text: written } = Object(output);
    if (type === 'stream') {
      const kind = name === 'stderr' ? 'stderr' : 'stdout';
      return { [`application/vnd.jupyter.${kind}`]: text(written) };
    }
    if (type === 'error') {
      const lines = Array.isArray(traceback) ? traceback.map(line => text(line)) : [];
      return { 'application/vnd.jupyter.stderr': lines.join('\n') };
    }
    const kinds = Object.entries(Object(data)).map(([kind, value]) => [kind, text(value)]);
    return Object.fromEntries(kinds) as Data;
  });
}

/** nbformat keeps text as a string or as lines; a stranger may have kept anything. */
function text(value: unknown): string {
  const whole = Array.isArray(value) ? value.filter(line => typeof line === 'string').join('') : value;
  return typeof whole === 'string' ? whole.slice(0, 5 * LONGEST) : '';
}
