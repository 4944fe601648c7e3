/** What stands in the Author panel. */

import { ReactWidget } from '@jupyterlab/ui-components';
import { Poll } from '@lumino/polling';
import { Message } from '@lumino/messaging';
import * as React from 'react';

import { ITrans } from '../words';
import { FolderView } from './folder';
import { Home } from './home';
import { AuthorModel } from './model';
import { isUnderWay } from './progress';
import { PublishView } from './publish';

const PACE = 5000; // milliseconds between two looks at the courses under way

export interface IWays {
  request: () => void;
  watch: (id: number) => void;
}

export class AuthorView extends ReactWidget {
  constructor(
    private readonly _model: AuthorModel,
    private readonly _trans: ITrans,
    private readonly _ways: IWays
  ) {
    super();
    this.addClass('jp-Coursewright');
    this._model.changed.connect(this.update, this);
    this._poll = new Poll<void>({
      name: 'coursewright:author',
      standby: () =>
        !this.isVisible || document.hidden || !this._model.state.generations?.some(isUnderWay),
      frequency: { interval: PACE, max: 60_000, backoff: true },
      factory: () => this._model.freshen()
    });
    void this._model.refresh();
  }

  override dispose(): void {
    this._poll.dispose();
    super.dispose();
  }

  protected override onActivateRequest(_: Message): void {
    this.node.querySelector<HTMLElement>('h2')?.focus();
  }

  protected render(): React.ReactElement {
    const { view } = this._model.state;
    const { folder } = this._model;
    if (view.name === 'home' || !folder) {
      return <Home model={this._model} trans={this._trans} {...this._ways} />;
    }
    const props = { model: this._model, folder, trans: this._trans };
    return view.name === 'publish' ? (
      <PublishView key={`publish ${folder.folder}`} {...props} />
    ) : (
      <FolderView key={folder.folder} {...props} />
    );
  }

  private readonly _poll: Poll<void>;
}
