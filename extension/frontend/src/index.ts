/** The plugins of this extension. */

import { activity } from './activity';
import { author } from './author';
import { classroom } from './classroom';
import { diff } from './diff';
import { lesson } from './lesson/index';
import { live } from './live';
import { main } from './main';
import { quiz } from './quiz';
import { safety } from './safety';
import { versions } from './versions';

export default [main, live, diff, lesson, quiz, safety, versions, activity, author, classroom];
