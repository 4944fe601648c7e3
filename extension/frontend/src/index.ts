/** The plugins of this extension. */

import { diff } from './diff';
import { main } from './main';

export default [main, diff];
