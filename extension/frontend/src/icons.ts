/** The icons of the panel, drawn here. */

import { LabIcon } from '@jupyterlab/ui-components';

const open = '<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 24 24">';

/** A mortarboard. */
export const courseIcon = new LabIcon({
  name: 'coursewright:course',
  svgstr: `${open}<g class="jp-icon3 jp-icon-selectable" fill="#616161"><path d="M12 3 1 9l11 6 9-4.9V17h2V9L12 3z"/><path d="M5 13.2v4L12 21l7-3.8v-4L12 17l-7-3.8z"/></g></svg>`
});

/** A sheet going up. */
export const submitIcon = new LabIcon({
  name: 'coursewright:submit',
  svgstr: `${open}<g class="jp-icon3" fill="#616161"><path d="M12 3 6.5 8.5l1.4 1.4L11 6.8V16h2V6.8l3.1 3.1 1.4-1.4L12 3z"/><path d="M5 14H3v6h18v-6h-2v4H5v-4z"/></g></svg>`
});

/** A light bulb. */
export const hintIcon = new LabIcon({
  name: 'coursewright:hint',
  svgstr: `${open}<g class="jp-icon3" fill="#616161"><path d="M9 19h6v1.5H9V19zm.8 2.4h4.4a2.2 2.2 0 0 1-4.4 0z"/><path d="M12 2.5a6.5 6.5 0 0 0-4 11.6c.7.6 1 1.2 1 2v1.4h6v-1.4c0-.8.3-1.4 1-2a6.5 6.5 0 0 0-4-11.6zm0 2a4.5 4.5 0 0 1 2.8 8c-.9.7-1.5 1.6-1.7 3h-2.2c-.2-1.4-.8-2.3-1.7-3a4.5 4.5 0 0 1 2.8-8z"/></g></svg>`
});
