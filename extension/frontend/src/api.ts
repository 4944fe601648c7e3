/** The server extension's routes as typed calls. */

import { ServerConnection } from '@jupyterlab/services';

import { address, ask } from './request';
import {
  IConcept,
  ICourse,
  ICourseCard,
  IOpened,
  IReceipt,
  IStanding,
  ISubmission
} from './tokens';

/** Asked by the clock and not by a person: must not keep an idle server alive. */
const QUIET = '?no_track_activity=1';

export interface IApi {
  courses(): Promise<ICourseCard[]>;
  /** By the days of the student's own time zone. */
  standing(): Promise<IStanding>;
  mastery(course: string): Promise<IConcept[]>;
  enrol(course: string): Promise<void>;
  /** Join by a code; the course's key. */
  join(code: string): Promise<string>;
  course(course: string, quiet?: boolean): Promise<ICourse>;
  open(course: string, lesson: string): Promise<IOpened>;
  submit(course: string, lesson: string, key: string, path: string): Promise<IReceipt>;
  submissions(course: string, lesson: string, quiet?: boolean): Promise<ISubmission[]>;
  feedbackAddress(submission: number): string;
}

export class Api implements IApi {
  constructor(private readonly _settings: ServerConnection.ISettings) {}

  async courses(): Promise<ICourseCard[]> {
    return (await this._ask<{ courses: ICourseCard[] }>('courses')).courses;
  }

  standing(): Promise<IStanding> {
    const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
    return this._ask(`standing?zone=${encodeURIComponent(timeZone || 'UTC')}`);
  }

  async mastery(course: string): Promise<IConcept[]> {
    return (await this._ask<{ concepts: IConcept[] }>(`${at(course)}/mastery`)).concepts;
  }

  async join(code: string): Promise<string> {
    const body = JSON.stringify({ code });
    return (await this._ask<{ course: string }>('enrolments', { method: 'POST', body })).course;
  }

  async enrol(course: string): Promise<void> {
    await this._ask(`${at(course)}/enrolment`, { method: 'PUT' });
  }

  course(course: string, quiet = false): Promise<ICourse> {
    return this._ask(at(course) + (quiet ? QUIET : ''));
  }

  open(course: string, lesson: string): Promise<IOpened> {
    return this._ask(`${at(course, lesson)}/open`, { method: 'POST' });
  }

  submit(course: string, lesson: string, key: string, path: string): Promise<IReceipt> {
    return this._ask(`${at(course, lesson)}/submissions`, {
      method: 'POST',
      body: JSON.stringify({ key, path })
    });
  }

  async submissions(course: string, lesson: string, quiet = false): Promise<ISubmission[]> {
    const path = `${at(course, lesson)}/submissions${quiet ? QUIET : ''}`;
    return (await this._ask<{ submissions: ISubmission[] }>(path)).submissions;
  }

  feedbackAddress(submission: number): string {
    return address(this._settings, `submissions/${submission}/feedback`);
  }

  private _ask<T>(path: string, init?: RequestInit): Promise<T> {
    return ask<T>(this._settings, path, init);
  }
}

function at(course: string, lesson?: string): string {
  const base = `courses/${encodeURIComponent(course)}`;
  return lesson === undefined ? base : `${base}/lessons/${encodeURIComponent(lesson)}`;
}
