/** The plugins of this extension. */

import { main } from './main';

export default [main];
