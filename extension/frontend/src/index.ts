/** The plugins of this extension. */

import { activity } from './activity';
import { classroom } from './classroom';
import { main } from './main';

export default [main, activity, classroom];
