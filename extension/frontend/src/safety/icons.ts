/** The icon of trouble, drawn here. */

import { LabIcon } from '@jupyterlab/ui-components';

/** A triangle with a mark in it. */
export const warningIcon = new LabIcon({
  name: 'coursewright:warning',
  svgstr:
    '<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 24 24"><path class="jp-icon3" fill="#616161" d="M12 3 1.5 21h21L12 3zm1 15h-2v-2h2v2zm0-3.5h-2V9.5h2v5z"/></svg>'
});
