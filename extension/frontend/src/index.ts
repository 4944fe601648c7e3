/** The plugins of this extension. */

import { main } from './main';
import { safety } from './safety';

export default [main, safety];
