/** Which lesson an open notebook is, and its Submit button. */

import { NotebookPanel } from '@jupyterlab/notebook';
import {
  addToolbarButtonClass,
  ReactWidget,
  ToolbarButtonComponent
} from '@jupyterlab/ui-components';
import { Widget } from '@lumino/widgets';
import * as React from 'react';

import { submitIcon } from './icons';
import { Problem } from './request';
import { INotebookInHand } from './tokens';
import { belonging, ITrans } from './words';

/** The notebook as the models see it; null when it belongs to no course. */
export async function inHand(
  panel: NotebookPanel | null,
  trans: ITrans
): Promise<INotebookInHand | null> {
  if (!panel) {
    return null;
  }
  await panel.context.ready;
  const own = belonging(panel.context.model?.getMetadata('coursewright'));
  return own && { path: panel.context.path, belonging: own, save: () => save(panel, trans) };
}

async function save(panel: NotebookPanel, trans: ITrans): Promise<string> {
  const { context } = panel;
  if (context.model.dirty) {
    await context.save();
  }
  if (context.model.dirty) {
    throw new Problem(
      trans.__('The notebook could not be saved, so it was not handed in.'),
      -1
    );
  }
  return context.contentsModel?.last_modified ?? '';
}

/** A button for a notebook's toolbar that shows itself in course notebooks only. */
export function courseButton(
  panel: NotebookPanel,
  trans: ITrans,
  options: ToolbarButtonComponent.IProps
): Widget {
  // A ToolbarButton takes each click for a switch that is turned, and says so to screen readers.
  const button = addToolbarButtonClass(
    ReactWidget.create(
      React.createElement(ToolbarButtonComponent, {
        className: 'jp-Coursewright-tool',
        noFocusOnClick: true,
        ...options
      })
    )
  );
  button.hide();
  void inHand(panel, trans).then(notebook => {
    if (!button.isDisposed) {
      button.setHidden(notebook === null);
    }
  });
  return button;
}

export function submitButton(
  panel: NotebookPanel,
  trans: ITrans,
  submit: () => void
): Widget {
  return courseButton(panel, trans, {
    icon: submitIcon,
    label: trans.__('Submit'),
    tooltip: trans.__('Save this lesson and hand it in'),
    onClick: submit
  });
}
