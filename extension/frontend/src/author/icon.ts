/** A pencil over a sheet: the author's sign. */

import { LabIcon } from '@jupyterlab/ui-components';

export const authorIcon = new LabIcon({
  name: 'coursewright:author',
  svgstr:
    '<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 24 24"><g class="jp-icon3 jp-icon-selectable" fill="#616161"><path d="M5 3h9l-2 2H5v14h12v-6l2-2v10H3V3h2z"/><path d="m9 12.2 8.4-8.4 2.8 2.8-8.4 8.4L8.500 15.500 9 12.200z"/></g></svg>'
});
