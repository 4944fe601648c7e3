/** The plugins of this extension. */

import { main } from './main';
import { quiz } from './quiz';

export default [main, quiz];
