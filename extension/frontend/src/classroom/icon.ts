/** The icon of the Class panel, drawn here: two people. */

import { LabIcon } from '@jupyterlab/ui-components';

export const classIcon = new LabIcon({
  name: 'coursewright:class',
  svgstr:
    '<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 24 24"><g class="jp-icon3 jp-icon-selectable" fill="#616161"><circle cx="8.5" cy="8" r="3.5"/><path d="M1.500 19c0-3.500 3-5.500 7-5.500s7 2 7 5.500v1h-14z"/><circle cx="17" cy="9" r="2.500"/><path d="M17.500 20H22.500v-1c0-3-2-5-5.200-5-.8 0-1.500.1-2.100.3 1.500 1.100 2.300 2.700 2.300 4.700z"/></g></svg>'
});
