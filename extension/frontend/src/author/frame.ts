/** The Author panel's place in the side bar; what stands in it comes when it is first shown. */

import { Message } from '@lumino/messaging';
import { Panel, Widget } from '@lumino/widgets';

import { ITrans } from '../words';
import { authorIcon } from './icon';

export class AuthorFrame extends Panel {
  constructor(
    trans: ITrans,
    private readonly _load: () => Promise<Widget>
  ) {
    super();
    this.id = 'coursewright-author';
    this.title.icon = authorIcon;
    this.title.caption = trans.__('Author');
    this.addClass('jp-Coursewright-frame');
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', trans.__('Author'));
  }

  protected override onAfterShow(_: Message): void {
    if (!this._asked) {
      this._asked = true;
      void this._load().then(
        view => this.addWidget(view),
        reason => {
          this._asked = false;
          console.error('Coursewright: the Author panel could not be loaded.', reason);
        }
      );
    }
  }

  protected override onActivateRequest(_: Message): void {
    this.widgets[0]?.activate();
  }

  private _asked = false;
}
