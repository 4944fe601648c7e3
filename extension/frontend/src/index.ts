/** The plugins of this extension. */

import { author } from './author/index';
import { main } from './main';

export default [main, author];
