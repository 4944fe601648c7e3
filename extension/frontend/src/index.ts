/** The plugins of this extension. */

import { author } from './author';
import { diff } from './diff';
import { main } from './main';

export default [main, diff, author];
