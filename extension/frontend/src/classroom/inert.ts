/**
 * Shows what a student put into a notebook without letting it do anything in a teacher's page.
 *
 * There is no kernel. Only kinds of output that are text or a picture are drawn; HTML and Markdown
 * lose everything but plain structure: no scripts, forms, frames, styles, classes or identifiers,
 * no addresses that the page would load or that lead to this site. JupyterLab's own sanitizer goes
 * first; it alone would leave commands behind buttons, and pictures from anywhere.
 */

import { Sanitizer } from '@jupyterlab/apputils';
import {
  errorRendererFactory,
  htmlRendererFactory,
  imageRendererFactory,
  IRenderMimeRegistry,
  latexRendererFactory,
  markdownRendererFactory,
  RenderMimeRegistry,
  textRendererFactory
} from '@jupyterlab/rendermime';
import { IRenderMime } from '@jupyterlab/rendermime';

const TAGS = new Set(
  (
    'a abbr b blockquote br caption cite code col colgroup dd del details div dl dt em figcaption ' +
    'figure h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q s samp small span strong sub ' +
    'summary sup table tbody td tfoot th thead tr u ul var'
  ).split(' ')
);
const ATTRIBUTES = new Set(['alt', 'title', 'colspan', 'rowspan', 'scope', 'lang', 'dir', 'start']);
const PICTURE = /^data:image\/(png|jpeg|gif|webp|bmp);base64,[A-Za-z0-9+/=\s]+$/;

/** Draws the harmless kinds and no others, whatever other extensions can draw. */
export function inertRegistry(registry: IRenderMimeRegistry): IRenderMimeRegistry {
  return new RenderMimeRegistry({
    initialFactories: [
      htmlRendererFactory,
      markdownRendererFactory,
      latexRendererFactory,
      imageRendererFactory,
      textRendererFactory,
      errorRendererFactory
    ],
    sanitizer: new InertSanitizer(),
    latexTypesetter: registry.latexTypesetter ?? undefined,
    markdownParser: registry.markdownParser ?? undefined
  });
}

class InertSanitizer implements IRenderMime.ISanitizer {
  sanitize(dirty: string): string {
    const page = new DOMParser().parseFromString(this._first.sanitize(dirty), 'text/html');
    clean(page.body);
    return page.body.innerHTML;
  }

  getAutolink(): boolean {
    return false;
  }

  readonly allowNamedProperties = false;
  private readonly _first = new Sanitizer();
}

function clean(root: Element): void {
  for (const element of [...root.querySelectorAll('*')]) {
    const tag = element.localName;
    if (!TAGS.has(tag)) {
      // Its text stays; a frame or a form is gone.
      element.replaceWith(...element.childNodes);
      continue;
    }
    const source = element.getAttribute('src') ?? '';
    const address = element.getAttribute('href') ?? '';
    for (const { name } of [...element.attributes]) {
      if (!ATTRIBUTES.has(name)) {
        element.removeAttribute(name);
      }
    }
    if (tag === 'img' && PICTURE.test(source)) {
      element.setAttribute('src', source);
    }
    if (tag === 'a' && leadsElsewhere(address)) {
      element.setAttribute('href', address);
      element.setAttribute('target', '_blank');
      element.setAttribute('rel', 'noopener noreferrer nofollow');
    }
  }
}

/** A link to this site could act in the teacher's name. */
function leadsElsewhere(address: string): boolean {
  try {
    const url = new URL(address);
    return ['http:', 'https:'].includes(url.protocol) && url.host !== window.location.host;
  } catch {
    return false;
  }
}
