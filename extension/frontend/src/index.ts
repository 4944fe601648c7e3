/** The plugins of this extension. */

import { lesson } from './lesson/index';
import { main } from './main';

export default [main, lesson];
