/** The plugins of this extension. */

import { diff } from './diff';
import { live } from './live';
import { main } from './main';

export default [main, diff, live];
