/** The request for a course as what stands in its form, and back. Pure. */

import type { ITrans } from '../words';
import type { IFieldProblem, ILimits, IOptions, IOrder } from './types';

/** Everything as it was typed; lists have one entry a line. */
export interface IForm {
  topic: string;
  title: string;
  audience: string;
  level: string;
  language: string;
  modules: string;
  lessons: string;
  exercises: string;
  hours: string;
  objectives: string;
  prerequisites: string;
  libraries: string;
  style: string;
  provider: string;
  seed: string;
  tokens: string;
  money: string;
  minutes: string;
}

export type Field = keyof IForm;
export type Problems = Partial<Record<Field | 'sources' | 'other', string>>;

const NUMBERS = ['modules', 'lessons', 'exercises', 'hours'] as const;
const LISTS = ['objectives', 'prerequisites', 'libraries'] as const;
const TEXTS = ['title', 'audience', 'style'] as const;
const LIMITS = ['tokens', 'money', 'minutes'] as const;
const FALLBACK: Readonly<Record<string, unknown>> = {
  level: 'beginner',
  language: 'en',
  modules: 4,
  lessons: 1,
  exercises: 4,
  hours: 6
};

/** The form as it is at first: the service's defaults, and the first provider that is ready. */
export function empty(options: IOptions): IForm {
  const known = { ...FALLBACK, ...options.defaults };
  const text = (name: string): string => (known[name] == null ? '' : String(known[name]));
  const ready = options.providers.find(one => one.ready) ?? options.providers[0];
  return {
    topic: '',
    title: '',
    audience: '',
    level: text('level'),
    language: text('language'),
    modules: text('modules'),
    lessons: text('lessons'),
    exercises: text('exercises'),
    hours: text('hours'),
    objectives: '',
    prerequisites: '',
    libraries: '',
    style: '',
    provider: ready?.name ?? '',
    seed: '0',
    tokens: '',
    money: '',
    minutes: ''
  };
}

/** What is asked for; what was left empty is left out. */
export function order(form: IForm, sources: Readonly<Record<string, string>>): IOrder {
  const request: Record<string, unknown> = {
    topic: form.topic.trim(),
    level: form.level,
    language: form.language.trim()
  };
  for (const name of NUMBERS) {
    const value = amount(form[name]);
    if (value !== null) {
      request[name] = value;
    }
  }
  for (const name of TEXTS) {
    if (form[name].trim()) {
      request[name] = form[name].trim();
    }
  }
  for (const name of LISTS) {
    const entries = lines(form[name]);
    if (entries.length) {
      request[name] = entries;
    }
  }
  const names = Object.keys(sources);
  if (names.length) {
    request.sources = names;
  }
  return {
    request,
    provider: form.provider,
    seed: amount(form.seed) ?? 0,
    sources: { ...sources },
    limits: limits(form)
  };
}

export function limits(form: Pick<IForm, 'tokens' | 'money' | 'minutes'>): ILimits {
  const minutes = amount(form.minutes);
  return {
    tokens: amount(form.tokens),
    money: amount(form.money),
    seconds: minutes === null ? null : minutes * 60
  };
}

/** What can be said without asking anybody. */
export function slips(form: IForm, trans: ITrans): Problems {
  const found: Problems = {};
  if (!form.topic.trim()) {
    found.topic = trans.__('Say what the course is about.');
  }
  for (const name of NUMBERS) {
    if (amount(form[name]) === null) {
      found[name] = trans.__('Write a number.');
    }
  }
  for (const name of LIMITS) {
    const value = amount(form[name]);
    if (form[name].trim() && (value === null || value <= 0)) {
      found[name] = trans.__('Write a number above 0, or nothing for no limit.');
    }
  }
  if (form.tokens.trim() && !found.tokens && !Number.isInteger(amount(form.tokens))) {
    found.tokens = trans.__('Write a whole number.');
  }
  const seed = amount(form.seed);
  if (form.seed.trim() && (seed === null || seed < 0 || !Number.isInteger(seed))) {
    found.seed = trans.__('Write a whole number, such as 0.');
  }
  return found;
}

/** The service's problems at the fields of the form; those of no field are under `other`. */
export function placed(problems: readonly IFieldProblem[], form: IForm): Problems {
  const found: Problems = {};
  for (const { field, message } of problems) {
    const first = field.split('.', 1)[0];
    const name = (first in form || first === 'sources' ? first : 'other') as keyof Problems;
    found[name] = found[name] ? `${found[name]} ${message}` : message;
  }
  return found;
}

/** Lines that say something, without what stands around them. */
export function lines(text: string): string[] {
  return text
    .split('\n')
    .map(line => line.trim())
    .filter(Boolean);
}

/** A number as people write it, with a dot or a comma; null where it is none. */
export function amount(text: string): number | null {
  const value = Number(text.trim().replace(',', '.'));
  return text.trim() && Number.isFinite(value) ? value : null;
}
