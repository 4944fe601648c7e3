/** The plugins of this extension. */

import { diff } from './diff';
import { main } from './main';
import { versions } from './versions';

export default [main, diff, versions];
