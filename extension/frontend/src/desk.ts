/** What the plugins of this extension share; the plugin in index.ts provides it. */

import { IDocumentManager } from '@jupyterlab/docmanager';
import { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import { ServerConnection } from '@jupyterlab/services';
import { Token } from '@lumino/coreutils';
import { ISignal, Signal } from '@lumino/signaling';
import * as React from 'react';

import { IApi } from './api';
import { CoursesModel } from './courses';
import { LessonModel } from './lesson';
import { ask } from './request';
import { IBelonging } from './tokens';
import { belonging, ITrans } from './words';

/** A part of the Courses panel that another plugin brings; drawn again whenever `changed` says. */
export interface ISection {
  readonly id: string;
  /** top: above everything; course: below a course's head; lesson: in the part of the open lesson. */
  readonly place: 'top' | 'course' | 'lesson';
  readonly rank: number;
  render(): React.ReactElement | null;
  readonly changed?: ISignal<unknown, unknown>;
}

/** A course notebook that is open. */
export interface IOpenLesson {
  readonly panel: NotebookPanel;
  readonly belonging: IBelonging;
}

export interface IDesk {
  readonly api: IApi;
  readonly settings: ServerConnection.ISettings;
  readonly trans: ITrans;
  readonly courses: CoursesModel;
  readonly lesson: LessonModel;
  readonly documents: IDocumentManager;
  readonly notebooks: INotebookTracker;
  /** Every course notebook that is opened, once its content is there. */
  readonly opened: ISignal<IDesk, IOpenLesson>;
  /** The course notebooks that are open now. */
  lessons(): IOpenLesson[];
  /** A question to the server extension, below coursewright/api/; rejects with a Problem. */
  ask<T>(path: string, init?: RequestInit): Promise<T>;
  addSection(section: ISection): void;
  showPanel(): void;
}

export const IDesk = new Token<IDesk>(
  '@coursewright/course:IDesk',
  'The courses, the open lesson and the panel, for the other plugins of this extension.'
);

/** What a Desk is made of; `addSection` and `showPanel` are the panel's. */
export type IParts = Omit<IDesk, 'opened' | 'lessons' | 'ask'>;

export class Desk implements IDesk {
  constructor(parts: IParts) {
    this.api = parts.api;
    this.settings = parts.settings;
    this.trans = parts.trans;
    this.courses = parts.courses;
    this.lesson = parts.lesson;
    this.documents = parts.documents;
    this.notebooks = parts.notebooks;
    this.addSection = parts.addSection;
    this.showPanel = parts.showPanel;
    this.notebooks.widgetAdded.connect((_, panel) => void this._take(panel));
  }

  readonly api: IApi;
  readonly settings: ServerConnection.ISettings;
  readonly trans: ITrans;
  readonly courses: CoursesModel;
  readonly lesson: LessonModel;
  readonly documents: IDocumentManager;
  readonly notebooks: INotebookTracker;
  readonly addSection: (section: ISection) => void;
  readonly showPanel: () => void;

  get opened(): ISignal<IDesk, IOpenLesson> {
    return this._opened;
  }

  lessons(): IOpenLesson[] {
    return [...this._open];
  }

  ask<T>(path: string, init?: RequestInit): Promise<T> {
    return ask<T>(this.settings, path, init);
  }

  private async _take(panel: NotebookPanel): Promise<void> {
    await panel.context.ready;
    const own = belonging(panel.context.model?.getMetadata('coursewright'));
    if (panel.isDisposed || !own) {
      return;
    }
    const lesson = { panel, belonging: own };
    this._open.add(lesson);
    panel.disposed.connect(() => this._open.delete(lesson));
    this._opened.emit(lesson);
  }

  private readonly _open = new Set<IOpenLesson>();
  private readonly _opened = new Signal<IDesk, IOpenLesson>(this);
}
