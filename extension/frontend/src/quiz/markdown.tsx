/** Text of an author, drawn by JupyterLab's own renderer and cleaned by its sanitizer. */

import { IRenderMimeRegistry, MimeModel } from '@jupyterlab/rendermime';
import { Widget } from '@lumino/widgets';
import * as React from 'react';

const MARKDOWN = 'text/markdown';

export function Markdown(props: {
  text: string;
  rendermime: IRenderMimeRegistry;
}): React.ReactElement {
  const { text, rendermime } = props;
  const host = React.useRef<HTMLSpanElement>(null);
  // Of a layout effect the end comes while the place still stands, as a widget wants it.
  React.useLayoutEffect(() => {
    const place = host.current;
    if (!place?.isConnected) {
      return;
    }
    const renderer = rendermime.createRenderer(MARKDOWN);
    const drawn = renderer.renderModel(
      new MimeModel({ data: { [MARKDOWN]: text }, trusted: false })
    );
    void drawn.then(
      () => {
        if (!renderer.isDisposed && place.isConnected) {
          place.replaceChildren();
          Widget.attach(renderer, place);
        }
      },
      reason => console.warn('Coursewright: a text could not be drawn.', reason)
    );
    return () => {
      if (!renderer.isAttached || renderer.node.isConnected) {
        renderer.dispose();
      }
    };
  }, [text, rendermime]);
  // The text itself stands there until it is drawn, so that a label is never without a name.
  return (
    <span ref={host} className="jp-Coursewright-quizText" dangerouslySetInnerHTML={plain(text)} />
  );
}

/** React must not look after what the renderer puts in its place. */
function plain(text: string): { __html: string } {
  const element = document.createElement('span');
  element.textContent = text;
  return { __html: element.innerHTML };
}
